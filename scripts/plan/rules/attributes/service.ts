import {
  attributeRules,
  changes,
  changesFrom,
  changesTo,
  decreases,
  each,
  increases,
  losesElement,
  turnsOff,
  turnsOn,
  type AttributeRule,
} from "../attribute-rules";

const CUTS_TRAFFIC = "cuts-traffic";
const CHANGES_SERVICE = "changes-service";
const SERVICE = "aws_ecs_service";
const TASK = "aws_ecs_task_definition";
const CLUSTER = "aws_ecs_cluster";
const SCALING = "aws_appautoscaling_policy";

/** Attributes of the service: its tasks, cluster, scaling and table. */
export const SERVICE_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    CUTS_TRAFFIC,
    SERVICE,
    decreases("health_check_grace_period_seconds", "tasks that start slowly are stopped before they are healthy"),
    decreases("deployment_minimum_healthy_percent", "fewer tasks serve traffic while tasks are replaced"),
    turnsOn("force_new_deployment", "all tasks are replaced", "caution"),
    changes("triggers", "all tasks may be replaced"),
    changes("service_registries", "clients may no longer find it by service discovery", "danger"),
    changes("service_connect_configuration", "clients may no longer reach it by Service Connect", "danger"),
    changes("vpc_lattice_configurations", "clients may no longer reach it by VPC Lattice", "danger"),
    changes("launch_type", "its tasks run on other capacity"),
    changes(
      "deployment_controller.type",
      "CodeDeploy can no longer deploy to it, or replaces ECS as its deployment controller",
      "danger",
    ),
  ),
  ...attributeRules(
    "gate-circuit-breaker-off",
    SERVICE,
    ...each(
      "deployment_circuit_breaker.enable deployment_circuit_breaker.rollback alarms.enable alarms.rollback",
      (attribute) => turnsOff(attribute, "ECS no longer stops a deployment that fails"),
    ),
    losesElement("alarms.alarm_names", "they no longer stop a deployment of ECS"),
  ),
  ...attributeRules(
    CHANGES_SERVICE,
    SERVICE,
    ...each(
      "deployment_maximum_percent placement_constraints ordered_placement_strategy platform_version",
      (attribute) => changes(attribute, "tasks are placed or replaced in another way"),
    ),
    turnsOff("availability_zone_rebalancing", "tasks may all end up in one zone", "caution"),
    changes("volume_configuration", "tasks get other volumes"),
    changes("deployment_configuration", "ECS deploys in another way"),
    turnsOn("force_delete", "destroying the service no longer waits for its tasks", "caution"),
  ),
  ...attributeRules(
    "security-task-unguarded",
    TASK,
    changesTo("network_mode", ["host", "bridge"], "its containers share the network of the host"),
    changesTo("pid_mode", ["host", "task"], "its containers see processes of other containers"),
    changesTo("ipc_mode", ["host", "task"], "its containers share memory with other containers"),
    turnsOn("enable_fault_injection", "principals with the permission can inject faults"),
    changes("volume", "its containers see other files"),
  ),
  ...attributeRules(
    CHANGES_SERVICE,
    TASK,
    decreases("cpu", "each task can handle less", "caution"),
    decreases("memory", "a task that needs more is killed", "caution"),
    decreases("ephemeral_storage.size_in_gib", "a task that writes more fails", "caution"),
    changes("family", "releases look up revisions under the old name", "danger"),
    changes("execution_role_arn", "if the new role has fewer permissions, its tasks can't start"),
    changes("task_role_arn", "if the new role has fewer permissions, the service fails"),
    changes("runtime_platform", "an image for another platform can't start", "danger"),
    ...each(
      "network_mode pid_mode ipc_mode requires_compatibilities placement_constraints proxy_configuration inference_accelerator",
      (attribute) => changes(attribute, "its tasks run in another way"),
    ),
  ),
  ...attributeRules(
    CHANGES_SERVICE,
    CLUSTER,
    changes("service_connect_defaults", "new services use another Service Connect namespace"),
    changes("configuration.managed_storage_configuration", "stored data is encrypted with another key"),
  ),
  ...attributeRules(
    "security-logs-off",
    CLUSTER,
    changesTo(
      "configuration.execute_command_configuration.logging",
      ["NONE"],
      "commands in the shell of a task are no longer logged",
    ),
    changes("configuration.execute_command_configuration", "shell sessions are logged or encrypted in another way"),
    changes("setting", "the metrics of the cluster change"),
  ),
  ...attributeRules(
    "loses-capacity",
    "aws_ecs_cluster_capacity_providers",
    losesElement("capacity_providers", "services that use this provider can't start tasks"),
  ),
  ...attributeRules(
    "loses-capacity",
    "aws_appautoscaling_target",
    turnsOn("suspended_state.dynamic_scaling_out_suspended", "no task is added when load grows"),
    turnsOn("suspended_state.scheduled_scaling_suspended", "no task is added at the scheduled times"),
    turnsOn("suspended_state.dynamic_scaling_in_suspended", "added tasks are not removed", "caution"),
    changes("role_arn", "if the new role has fewer permissions, nothing scales"),
  ),
  ...attributeRules(
    "loses-capacity",
    SCALING,
    increases(
      "target_tracking_scaling_policy_configuration.target_value",
      "tasks are added later, and fewer of them",
      "caution",
    ),
    increases("target_tracking_scaling_policy_configuration.scale_out_cooldown", "tasks are added later", "caution"),
    ...each(
      [
        "target_tracking_scaling_policy_configuration.customized_metric_specification",
        "target_tracking_scaling_policy_configuration.predefined_metric_specification",
      ].join(" "),
      (attribute) => changes(attribute, "it scales by another metric"),
    ),
    ...each(
      [
        "target_tracking_scaling_policy_configuration.target_value",
        "target_tracking_scaling_policy_configuration.scale_in_cooldown",
        "target_tracking_scaling_policy_configuration.disable_scale_in",
        "predictive_scaling_policy_configuration",
        "policy_type",
      ].join(" "),
      (attribute) => changes(attribute, "tasks are added and removed in another way"),
    ),
  ),
  ...attributeRules(
    "loses-capacity",
    "aws_appautoscaling_scheduled_action",
    ...each("schedule start_time end_time timezone", (attribute) => changes(attribute, "it scales at other times")),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_dynamodb_table",
    ...each(
      "read_capacity write_capacity on_demand_throughput.max_read_request_units on_demand_throughput.max_write_request_units",
      (attribute) => decreases(attribute, "calls beyond this capacity are throttled"),
    ),
    changesFrom("billing_mode", ["PAY_PER_REQUEST"], "calls beyond the provisioned capacity are throttled", "caution"),
    turnsOff("stream_enabled", "consumers of the stream receive no changes any more"),
    changes("stream_view_type", "consumers of the stream receive other content", "danger"),
    ...each("on_demand_throughput warm_throughput", (attribute) =>
      changes(attribute, "calls beyond this capacity are throttled"),
    ),
    changes("global_table_witness", "one region fewer confirms writes"),
  ),
];
