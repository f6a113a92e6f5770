import { alters, becomes, each, falls, gone, leaves, loses, off, rises, rows, type Row } from "../in-place";

const GROUP = "aws_codedeploy_deployment_group";
const HOOK = "aws_lambda_function";
const RULE = "aws_cloudwatch_event_rule";
const TARGET = "aws_cloudwatch_event_target";
const ALARM = "aws_cloudwatch_metric_alarm";
const COMPOSITE = "aws_cloudwatch_composite_alarm";
const READY = "blue_green_deployment_config.deployment_ready_option";
const TERMINATE = "blue_green_deployment_config.terminate_blue_instances_on_deployment_success";
const CHECKS = "what checks new versions, or tells of them, does something else";

/** What decides over releases, and tells of them. */
export const GATE_ROWS: readonly Row[] = [
  ...rows(
    "gate-group-changed",
    GROUP,
    alters("service_role_arn", "releases and rollbacks fail if this role may not do what the old one may", "danger"),
    alters("deployment_group_name", "releases look for it under the old name", "danger"),
    alters("ecs_service", "releases change another service", "danger"),
    leaves(`${READY}.action_on_timeout`, ["STOP_DEPLOYMENT"], "traffic moves without anybody's word"),
    alters(`${READY}.action_on_timeout`, "releases wait for somebody's word, and stop without it"),
    alters(`${READY}.wait_time_in_minutes`, "there is more or less time for somebody's word"),
    becomes(`${TERMINATE}.action`, ["KEEP_ALIVE"], "old versions run on, and nothing stops them", "care"),
    alters(`${TERMINATE}.action`, "old versions are stopped, and there is no way back to them"),
    ...each(
      [
        "blue_green_deployment_config.green_fleet_provisioning_option autoscaling_groups ec2_tag_filter ec2_tag_set",
        "on_premises_instance_tag_filter outdated_instances_strategy termination_hook_enabled",
      ].join(" "),
      (attribute) => alters(attribute, "releases reach other instances, or treat them otherwise"),
    ),
  ),
  ...rows(
    "gate-strategy-changed",
    "aws_codedeploy_deployment_config",
    ...each("minimum_healthy_hosts zonal_config", (attribute) =>
      alters(attribute, "releases go through hosts otherwise"),
    ),
  ),
  ...rows(
    "gate-hook-changed",
    HOOK,
    becomes("reserved_concurrent_executions", ["0"], "it can't be called at all: releases fail or go unchecked"),
    falls("reserved_concurrent_executions", "calls beyond it are refused", "care"),
    ...each("source_code_hash filename image_uri s3_bucket s3_key s3_object_version layers", (attribute) =>
      alters(attribute, `other code: ${CHECKS}`),
    ),
    ...each("handler runtime image_config package_type architectures", (attribute) =>
      alters(attribute, `it is started otherwise: ${CHECKS}, or can't start`),
    ),
    alters("role", "without the same rights it can't report what it finds: releases wait, and then fail"),
    alters("environment", `other settings: ${CHECKS}`),
    falls("timeout", "a check that takes longer is cut off", "care"),
    falls("memory_size", "it runs slower, or is killed", "care"),
    falls("ephemeral_storage.size", "it fails if it writes more", "care"),
    alters("vpc_config", "it may no longer reach what it checks"),
    alters("file_system_config", "it reads other files"),
    alters("code_signing_config_arn", "other code is trusted"),
    gone("dead_letter_config", "events that it fails on are lost", "care"),
    alters("dead_letter_config", "events that it fails on go elsewhere"),
    alters("logging_config", "it logs elsewhere, or less"),
    ...each("snap_start capacity_provider_config durable_config tenancy_config", (attribute) =>
      alters(attribute, "it starts or runs otherwise"),
    ),
    alters("source_kms_key_arn", "without the other key its code can't be read"),
  ),
  ...rows(
    "gate-hook-changed",
    "aws_lambda_alias",
    ...each("function_version routing_config", (attribute) => alters(attribute, `another version: ${CHECKS}`)),
  ),
  ...rows(
    "gate-notice-lost",
    RULE,
    off("is_enabled", "nobody is told any more"),
    leaves("state", ["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"], "nobody is told any more"),
    gone("event_pattern", "nobody is told any more"),
    alters("event_pattern", "other events are told"),
    alters("schedule_expression", "it is told at other times"),
    alters("role_arn", "without the same rights nobody is told"),
  ),
  ...rows(
    "gate-notice-lost",
    TARGET,
    alters("arn", "somebody else is told", "danger"),
    ...each("input input_path input_transformer", (attribute) => alters(attribute, "something else is told")),
    alters("role_arn", "without the same rights nobody is told"),
    gone("dead_letter_config", "what can't be told is lost", "care"),
    alters("dead_letter_config", "what can't be told goes elsewhere"),
    ...each("retry_policy.maximum_retry_attempts retry_policy.maximum_event_age_in_seconds", (attribute) =>
      falls(attribute, "it is given up sooner", "care"),
    ),
    ...each(
      [
        "appsync_target batch_target ecs_target http_target kinesis_target redshift_target run_command_targets",
        "sagemaker_pipeline_target sqs_target",
      ].join(" "),
      (attribute) => alters(attribute, "something else is done at the event"),
    ),
  ),
  ...rows(
    "gate-notice-lost",
    "aws_sns_topic",
    alters("delivery_policy", "it tries less or more often to tell"),
    gone("archive_policy", "messages can't be sent again", "care"),
    alters("content_based_deduplication", "messages may count as sent already"),
  ),
  ...rows(
    "gate-notice-lost",
    "aws_sns_topic_subscription",
    ...each("filter_policy filter_policy_scope", (attribute) => alters(attribute, "it hears of less, or of more")),
    alters("raw_message_delivery", "it gets messages in another form"),
    gone("redrive_policy", "messages that don't arrive are lost", "care"),
    ...each("redrive_policy delivery_policy replay_policy subscription_role_arn", (attribute) =>
      alters(attribute, "messages reach it otherwise"),
    ),
  ),
  ...rows(
    "gate-actions-disabled",
    ALARM,
    loses("ok_actions", "who waits for the end of the alarm waits for ever", "care"),
    loses("insufficient_data_actions", "nobody is told when data are missing", "care"),
  ),
  ...rows(
    "gate-composite-weakened",
    COMPOSITE,
    off("actions_enabled", "nobody is told when it fires"),
    loses("alarm_actions", "it is told no more"),
    loses("ok_actions", "who waits for the end of the alarm waits for ever", "care"),
    loses("insufficient_data_actions", "nobody is told when data are missing", "care"),
    alters("actions_suppressor.alarm", "another alarm keeps it from telling anybody", "danger"),
    ...each("actions_suppressor.wait_period actions_suppressor.extension_period", (attribute) =>
      rises(attribute, "it stays silent for longer"),
    ),
  ),
];
