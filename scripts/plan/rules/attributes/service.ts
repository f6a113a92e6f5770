import {
  changes,
  changesTo,
  each,
  decreases,
  changesFrom,
  losesElement,
  turnsOff,
  turnsOn,
  increases,
  attributeRules,
  type AttributeRule,
} from "../attribute-rules";

const CUTS_TRAFFIC = "cuts-traffic";
const CHANGES_SERVICE = "changes-service";
const SERVICE = "aws_ecs_service";
const TASK = "aws_ecs_task_definition";
const CLUSTER = "aws_ecs_cluster";
const SCALING = "aws_appautoscaling_policy";

/** What runs: the service, its tasks, its cluster, and how many of them. */
export const SERVICE_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    CUTS_TRAFFIC,
    SERVICE,
    decreases("health_check_grace_period_seconds", "tasks that start slowly are stopped before they are healthy"),
    decreases("deployment_minimum_healthy_percent", "fewer tasks serve while they are replaced"),
    turnsOn("force_new_deployment", "all tasks are replaced", "care"),
    changes("triggers", "all tasks may be replaced"),
    changes("service_registries", "who finds it by service discovery may find it no more", "danger"),
    changes("service_connect_configuration", "who calls it by Service Connect may reach it no more", "danger"),
    changes("vpc_lattice_configurations", "who calls it by VPC Lattice may reach it no more", "danger"),
    changes("launch_type", "its tasks run elsewhere"),
    changes("deployment_controller.type", "CodeDeploy can't release to it, or takes it over from ECS", "danger"),
  ),
  ...attributeRules(
    "gate-circuit-breaker-off",
    SERVICE,
    ...each(
      "deployment_circuit_breaker.enable deployment_circuit_breaker.rollback alarms.enable alarms.rollback",
      (attribute) => turnsOff(attribute, "a deployment of ECS that fails goes on"),
    ),
    losesElement("alarms.alarm_names", "a deployment of ECS is no longer stopped by them"),
  ),
  ...attributeRules(
    CHANGES_SERVICE,
    SERVICE,
    ...each(
      "deployment_maximum_percent placement_constraints ordered_placement_strategy platform_version",
      (attribute) => changes(attribute, "tasks are placed or replaced otherwise"),
    ),
    turnsOff("availability_zone_rebalancing", "tasks may all end up in one zone", "care"),
    changes("volume_configuration", "tasks get other volumes"),
    changes("deployment_configuration", "deployments of ECS go otherwise"),
    turnsOn("force_delete", "a destroy no longer waits for its tasks", "care"),
  ),
  ...attributeRules(
    "security-task-unguarded",
    TASK,
    changesTo("network_mode", ["host", "bridge"], "its containers share the network of the host"),
    changesTo("pid_mode", ["host", "task"], "its containers see the processes of others"),
    changesTo("ipc_mode", ["host", "task"], "its containers share memory with others"),
    turnsOn("enable_fault_injection", "who has the permission breaks it on purpose"),
    changes("volume", "its containers see other files"),
  ),
  ...attributeRules(
    CHANGES_SERVICE,
    TASK,
    decreases("cpu", "each task does less", "care"),
    decreases("memory", "a task that needs more is killed", "care"),
    decreases("ephemeral_storage.size_in_gib", "a task that writes more fails", "care"),
    changes("family", "releases look for its revisions under the old name", "danger"),
    changes("execution_role_arn", "without the same rights its tasks can't start"),
    changes("task_role_arn", "without the same rights the service can't do its work"),
    changes("runtime_platform", "an image for another platform can't start", "danger"),
    ...each(
      "network_mode pid_mode ipc_mode requires_compatibilities placement_constraints proxy_configuration inference_accelerator",
      (attribute) => changes(attribute, "its tasks are run otherwise"),
    ),
  ),
  ...attributeRules(
    CHANGES_SERVICE,
    CLUSTER,
    changes("service_connect_defaults", "new services of Service Connect are found elsewhere"),
    changes("configuration.managed_storage_configuration", "what is stored is encrypted with another key"),
  ),
  ...attributeRules(
    "security-logs-off",
    CLUSTER,
    changesTo(
      "configuration.execute_command_configuration.logging",
      ["NONE"],
      "nobody sees what is done in a shell of a task",
    ),
    changes("configuration.execute_command_configuration", "shells in tasks are logged or encrypted otherwise"),
    changes("setting", "what is measured of the cluster changes"),
  ),
  ...attributeRules(
    "loses-capacity",
    "aws_ecs_cluster_capacity_providers",
    losesElement("capacity_providers", "services that use it can start no task"),
  ),
  ...attributeRules(
    "loses-capacity",
    "aws_appautoscaling_target",
    turnsOn("suspended_state.dynamic_scaling_out_suspended", "no task is added when load grows"),
    turnsOn("suspended_state.scheduled_scaling_suspended", "no task is added at the set times"),
    turnsOn("suspended_state.dynamic_scaling_in_suspended", "tasks that are added stay", "care"),
    changes("role_arn", "without the same rights nothing scales"),
  ),
  ...attributeRules(
    "loses-capacity",
    SCALING,
    increases(
      "target_tracking_scaling_policy_configuration.target_value",
      "tasks are added later, and fewer of them",
      "care",
    ),
    increases("target_tracking_scaling_policy_configuration.scale_out_cooldown", "tasks are added later", "care"),
    ...each(
      [
        "target_tracking_scaling_policy_configuration.customized_metric_specification",
        "target_tracking_scaling_policy_configuration.predefined_metric_specification",
      ].join(" "),
      (attribute) => changes(attribute, "it scales by something else"),
    ),
    ...each(
      [
        "target_tracking_scaling_policy_configuration.target_value",
        "target_tracking_scaling_policy_configuration.scale_in_cooldown",
        "target_tracking_scaling_policy_configuration.disable_scale_in",
        "predictive_scaling_policy_configuration",
        "policy_type",
      ].join(" "),
      (attribute) => changes(attribute, "tasks come and go otherwise"),
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
      (attribute) => decreases(attribute, "calls beyond it are refused"),
    ),
    changesFrom("billing_mode", ["PAY_PER_REQUEST"], "calls beyond the capacity are refused", "care"),
    turnsOff("stream_enabled", "who follows the changes sees none any more"),
    changes("stream_view_type", "who follows the changes sees something else", "danger"),
    ...each("on_demand_throughput warm_throughput", (attribute) => changes(attribute, "calls beyond it are refused")),
    changes("global_table_witness", "a region fewer decides what is written"),
  ),
];
