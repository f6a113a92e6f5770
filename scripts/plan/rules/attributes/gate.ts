import {
  changes,
  changesTo,
  each,
  decreases,
  isRemoved,
  changesFrom,
  losesElement,
  turnsOff,
  increases,
  attributeRules,
  type AttributeRule,
} from "../attribute-rules";

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
export const GATE_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    "gate-group-changed",
    GROUP,
    changes("service_role_arn", "releases and rollbacks fail if this role may not do what the old one may", "danger"),
    changes("deployment_group_name", "releases look for it under the old name", "danger"),
    changes("ecs_service", "releases change another service", "danger"),
    changesFrom(`${READY}.action_on_timeout`, ["STOP_DEPLOYMENT"], "traffic moves without anybody's word"),
    changes(`${READY}.action_on_timeout`, "releases wait for somebody's word, and stop without it"),
    changes(`${READY}.wait_time_in_minutes`, "there is more or less time for somebody's word"),
    changesTo(`${TERMINATE}.action`, ["KEEP_ALIVE"], "old versions run on, and nothing stops them", "care"),
    changes(`${TERMINATE}.action`, "old versions are stopped, and there is no way back to them"),
    ...each(
      [
        "blue_green_deployment_config.green_fleet_provisioning_option autoscaling_groups ec2_tag_filter ec2_tag_set",
        "on_premises_instance_tag_filter outdated_instances_strategy termination_hook_enabled",
      ].join(" "),
      (attribute) => changes(attribute, "releases reach other instances, or treat them otherwise"),
    ),
  ),
  ...attributeRules(
    "gate-strategy-changed",
    "aws_codedeploy_deployment_config",
    ...each("minimum_healthy_hosts zonal_config", (attribute) =>
      changes(attribute, "releases go through hosts otherwise"),
    ),
  ),
  ...attributeRules(
    "gate-hook-changed",
    HOOK,
    changesTo("reserved_concurrent_executions", ["0"], "it can't be called at all: releases fail or go unchecked"),
    decreases("reserved_concurrent_executions", "calls beyond it are refused", "care"),
    ...each("source_code_hash filename image_uri s3_bucket s3_key s3_object_version layers", (attribute) =>
      changes(attribute, `other code: ${CHECKS}`),
    ),
    ...each("handler runtime image_config package_type architectures", (attribute) =>
      changes(attribute, `it is started otherwise: ${CHECKS}, or can't start`),
    ),
    changes("role", "without the same rights it can't report what it finds: releases wait, and then fail"),
    changes("environment", `other settings: ${CHECKS}`),
    decreases("timeout", "a check that takes longer is cut off", "care"),
    decreases("memory_size", "it runs slower, or is killed", "care"),
    decreases("ephemeral_storage.size", "it fails if it writes more", "care"),
    changes("vpc_config", "it may no longer reach what it checks"),
    changes("file_system_config", "it reads other files"),
    changes("code_signing_config_arn", "other code is trusted"),
    isRemoved("dead_letter_config", "events that it fails on are lost", "care"),
    changes("dead_letter_config", "events that it fails on go elsewhere"),
    changes("logging_config", "it logs elsewhere, or less"),
    ...each("snap_start capacity_provider_config durable_config tenancy_config", (attribute) =>
      changes(attribute, "it starts or runs otherwise"),
    ),
    changes("source_kms_key_arn", "without the other key its code can't be read"),
  ),
  ...attributeRules(
    "gate-hook-changed",
    "aws_lambda_alias",
    ...each("function_version routing_config", (attribute) => changes(attribute, `another version: ${CHECKS}`)),
  ),
  ...attributeRules(
    "gate-notice-lost",
    RULE,
    turnsOff("is_enabled", "nobody is told any more"),
    changesFrom("state", ["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"], "nobody is told any more"),
    isRemoved("event_pattern", "nobody is told any more"),
    changes("event_pattern", "other events are told"),
    changes("schedule_expression", "it is told at other times"),
    changes("role_arn", "without the same rights nobody is told"),
  ),
  ...attributeRules(
    "gate-notice-lost",
    TARGET,
    changes("arn", "somebody else is told", "danger"),
    ...each("input input_path input_transformer", (attribute) => changes(attribute, "something else is told")),
    changes("role_arn", "without the same rights nobody is told"),
    isRemoved("dead_letter_config", "what can't be told is lost", "care"),
    changes("dead_letter_config", "what can't be told goes elsewhere"),
    ...each("retry_policy.maximum_retry_attempts retry_policy.maximum_event_age_in_seconds", (attribute) =>
      decreases(attribute, "it is given up sooner", "care"),
    ),
    ...each(
      [
        "appsync_target batch_target ecs_target http_target kinesis_target redshift_target run_command_targets",
        "sagemaker_pipeline_target sqs_target",
      ].join(" "),
      (attribute) => changes(attribute, "something else is done at the event"),
    ),
  ),
  ...attributeRules(
    "gate-notice-lost",
    "aws_sns_topic",
    changes("delivery_policy", "it tries less or more often to tell"),
    isRemoved("archive_policy", "messages can't be sent again", "care"),
    changes("content_based_deduplication", "messages may count as sent already"),
  ),
  ...attributeRules(
    "gate-notice-lost",
    "aws_sns_topic_subscription",
    ...each("filter_policy filter_policy_scope", (attribute) => changes(attribute, "it hears of less, or of more")),
    changes("raw_message_delivery", "it gets messages in another form"),
    isRemoved("redrive_policy", "messages that don't arrive are lost", "care"),
    ...each("redrive_policy delivery_policy replay_policy subscription_role_arn", (attribute) =>
      changes(attribute, "messages reach it otherwise"),
    ),
  ),
  ...attributeRules(
    "gate-actions-disabled",
    ALARM,
    losesElement("ok_actions", "who waits for the end of the alarm waits for ever", "care"),
    losesElement("insufficient_data_actions", "nobody is told when data are missing", "care"),
  ),
  ...attributeRules(
    "gate-composite-weakened",
    COMPOSITE,
    turnsOff("actions_enabled", "nobody is told when it fires"),
    losesElement("alarm_actions", "it is told no more"),
    losesElement("ok_actions", "who waits for the end of the alarm waits for ever", "care"),
    losesElement("insufficient_data_actions", "nobody is told when data are missing", "care"),
    changes("actions_suppressor.alarm", "another alarm keeps it from telling anybody", "danger"),
    ...each("actions_suppressor.wait_period actions_suppressor.extension_period", (attribute) =>
      increases(attribute, "it stays silent for longer"),
    ),
  ),
];
