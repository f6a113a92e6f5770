import {
  attributeRules,
  changes,
  changesFrom,
  changesTo,
  decreases,
  each,
  increases,
  isRemoved,
  losesElement,
  turnsOff,
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
const CHECKS = "the function that checks new versions, or sends notifications, behaves differently";

/** Attributes of what gates a release: deployment groups, hooks, alarms and notifications. */
export const GATE_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    "gate-group-changed",
    GROUP,
    changes("service_role_arn", "releases and rollbacks fail if the new role has fewer permissions", "danger"),
    changes("deployment_group_name", "releases use the old name, which no longer exists", "danger"),
    changes("ecs_service", "releases deploy to another service", "danger"),
    changesFrom(`${READY}.action_on_timeout`, ["STOP_DEPLOYMENT"], "traffic moves without manual approval"),
    changes(`${READY}.action_on_timeout`, "releases wait for manual approval, and stop without it"),
    changes(`${READY}.wait_time_in_minutes`, "the time for manual approval changes"),
    changesTo(`${TERMINATE}.action`, ["KEEP_ALIVE"], "old versions keep running, and nothing stops them", "caution"),
    changes(`${TERMINATE}.action`, "old versions are stopped, and a rollback to them is no longer possible"),
    ...each(
      [
        "blue_green_deployment_config.green_fleet_provisioning_option autoscaling_groups ec2_tag_filter ec2_tag_set",
        "on_premises_instance_tag_filter outdated_instances_strategy termination_hook_enabled",
      ].join(" "),
      (attribute) => changes(attribute, "releases deploy to other instances, or in another way"),
    ),
  ),
  ...attributeRules(
    "gate-strategy-changed",
    "aws_codedeploy_deployment_config",
    ...each("minimum_healthy_hosts zonal_config", (attribute) =>
      changes(attribute, "releases replace hosts in another way"),
    ),
  ),
  ...attributeRules(
    "gate-hook-changed",
    HOOK,
    changesTo(
      "reserved_concurrent_executions",
      ["0"],
      "it can't be called at all: releases fail, or nothing checks them",
    ),
    decreases("reserved_concurrent_executions", "calls beyond this number are refused", "caution"),
    ...each("source_code_hash filename image_uri s3_bucket s3_key s3_object_version layers", (attribute) =>
      changes(attribute, `the code changes: ${CHECKS}`),
    ),
    ...each("handler runtime image_config package_type architectures", (attribute) =>
      changes(attribute, `it starts in another way: ${CHECKS}, or can't start`),
    ),
    changes("role", "if the new role has fewer permissions, it can't report its result: releases wait, and then fail"),
    changes("environment", `the settings change: ${CHECKS}`),
    decreases("timeout", "a check that takes longer is aborted", "caution"),
    decreases("memory_size", "it runs slower, or is killed when memory runs out", "caution"),
    decreases("ephemeral_storage.size", "it fails when it writes more", "caution"),
    changes("vpc_config", "it may lose access to the service that it checks"),
    changes("file_system_config", "it reads other files"),
    changes("code_signing_config_arn", "code of other publishers is trusted"),
    isRemoved("dead_letter_config", "events that it fails on are lost", "caution"),
    changes("dead_letter_config", "events that it fails on go to another destination"),
    changes("logging_config", "it logs less, or to another destination"),
    ...each("snap_start capacity_provider_config durable_config tenancy_config", (attribute) =>
      changes(attribute, "it starts or runs in another way"),
    ),
    changes("source_kms_key_arn", "if its role can't use the new key, its code can't be read"),
  ),
  ...attributeRules(
    "gate-hook-changed",
    "aws_lambda_alias",
    ...each("function_version routing_config", (attribute) => changes(attribute, `another version runs: ${CHECKS}`)),
  ),
  ...attributeRules(
    "gate-notice-lost",
    RULE,
    turnsOff("is_enabled", "no notification is sent any more"),
    changesFrom(
      "state",
      ["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"],
      "no notification is sent any more",
    ),
    isRemoved("event_pattern", "no notification is sent any more"),
    changes("event_pattern", "notifications are sent about other events"),
    changes("schedule_expression", "it runs at other times"),
    changes("role_arn", "if the new role has fewer permissions, no notification is sent"),
  ),
  ...attributeRules(
    "gate-notice-lost",
    TARGET,
    changes("arn", "the notifications go to another recipient", "danger"),
    ...each("input input_path input_transformer", (attribute) =>
      changes(attribute, "the notifications have other content"),
    ),
    changes("role_arn", "if the new role has fewer permissions, no notification is sent"),
    isRemoved("dead_letter_config", "notifications that can't be delivered are lost", "caution"),
    changes("dead_letter_config", "notifications that can't be delivered go to another destination"),
    ...each("retry_policy.maximum_retry_attempts retry_policy.maximum_event_age_in_seconds", (attribute) =>
      decreases(attribute, "delivery is retried less", "caution"),
    ),
    ...each(
      [
        "appsync_target batch_target ecs_target http_target kinesis_target redshift_target run_command_targets",
        "sagemaker_pipeline_target sqs_target",
      ].join(" "),
      (attribute) => changes(attribute, "the event triggers something else"),
    ),
  ),
  ...attributeRules(
    "gate-notice-lost",
    "aws_sns_topic",
    changes("delivery_policy", "delivery is retried more or less often"),
    isRemoved("archive_policy", "old messages can't be replayed", "caution"),
    changes("content_based_deduplication", "messages may be dropped as duplicates"),
  ),
  ...attributeRules(
    "gate-notice-lost",
    "aws_sns_topic_subscription",
    ...each("filter_policy filter_policy_scope", (attribute) =>
      changes(attribute, "the subscriber receives fewer or more messages"),
    ),
    changes("raw_message_delivery", "the subscriber receives messages in another format"),
    isRemoved("redrive_policy", "messages that can't be delivered are lost", "caution"),
    ...each("redrive_policy delivery_policy replay_policy subscription_role_arn", (attribute) =>
      changes(attribute, "messages are delivered in another way"),
    ),
  ),
  ...attributeRules(
    "gate-actions-disabled",
    ALARM,
    losesElement("ok_actions", "nobody is notified when the alarm ends", "caution"),
    losesElement("insufficient_data_actions", "nobody is notified when data is missing", "caution"),
  ),
  ...attributeRules(
    "gate-composite-weakened",
    COMPOSITE,
    turnsOff("actions_enabled", "nobody is notified when it fires"),
    losesElement("alarm_actions", "the alarm no longer notifies it"),
    losesElement("ok_actions", "nobody is notified when the alarm ends", "caution"),
    losesElement("insufficient_data_actions", "nobody is notified when data is missing", "caution"),
    changes("actions_suppressor.alarm", "another alarm suppresses its notifications", "danger"),
    ...each("actions_suppressor.wait_period actions_suppressor.extension_period", (attribute) =>
      increases(attribute, "its notifications are suppressed for longer"),
    ),
  ),
];
