import { alters, becomes, each, falls, leaves, loses, off, on, rises, rows, type Row } from "../in-place";

const CUTS = "cuts-traffic";
const LOOK = "changes-service";
const SERVICE = "aws_ecs_service";
const TASK = "aws_ecs_task_definition";
const CLUSTER = "aws_ecs_cluster";
const SCALING = "aws_appautoscaling_policy";

/** What runs: the service, its tasks, its cluster, and how many of them. */
export const SERVICE_ROWS: readonly Row[] = [
  ...rows(
    CUTS,
    SERVICE,
    falls("health_check_grace_period_seconds", "tasks that start slowly are stopped before they are healthy"),
    falls("deployment_minimum_healthy_percent", "fewer tasks serve while they are replaced"),
    on("force_new_deployment", "all tasks are replaced", "care"),
    alters("triggers", "all tasks may be replaced"),
    alters("service_registries", "who finds it by service discovery may find it no more", "danger"),
    alters("service_connect_configuration", "who calls it by Service Connect may reach it no more", "danger"),
    alters("vpc_lattice_configurations", "who calls it by VPC Lattice may reach it no more", "danger"),
    alters("launch_type", "its tasks run elsewhere"),
    alters("deployment_controller.type", "CodeDeploy can't release to it, or takes it over from ECS", "danger"),
  ),
  ...rows(
    "gate-circuit-breaker-off",
    SERVICE,
    ...each(
      "deployment_circuit_breaker.enable deployment_circuit_breaker.rollback alarms.enable alarms.rollback",
      (attribute) => off(attribute, "a deployment of ECS that fails goes on"),
    ),
    loses("alarms.alarm_names", "a deployment of ECS is no longer stopped by them"),
  ),
  ...rows(
    LOOK,
    SERVICE,
    ...each(
      "deployment_maximum_percent placement_constraints ordered_placement_strategy platform_version",
      (attribute) => alters(attribute, "tasks are placed or replaced otherwise"),
    ),
    off("availability_zone_rebalancing", "tasks may all end up in one zone", "care"),
    alters("volume_configuration", "tasks get other volumes"),
    alters("deployment_configuration", "deployments of ECS go otherwise"),
    on("force_delete", "a destroy no longer waits for its tasks", "care"),
  ),
  ...rows(
    "door-task-unguarded",
    TASK,
    becomes("network_mode", ["host", "bridge"], "its containers share the network of the host"),
    becomes("pid_mode", ["host", "task"], "its containers see the processes of others"),
    becomes("ipc_mode", ["host", "task"], "its containers share memory with others"),
    on("enable_fault_injection", "who has the permission breaks it on purpose"),
    alters("volume", "its containers see other files"),
  ),
  ...rows(
    LOOK,
    TASK,
    falls("cpu", "each task does less", "care"),
    falls("memory", "a task that needs more is killed", "care"),
    falls("ephemeral_storage.size_in_gib", "a task that writes more fails", "care"),
    alters("family", "releases look for its revisions under the old name", "danger"),
    alters("execution_role_arn", "without the same rights its tasks can't start"),
    alters("task_role_arn", "without the same rights the service can't do its work"),
    alters("runtime_platform", "an image for another platform can't start", "danger"),
    ...each(
      "network_mode pid_mode ipc_mode requires_compatibilities placement_constraints proxy_configuration inference_accelerator",
      (attribute) => alters(attribute, "its tasks are run otherwise"),
    ),
  ),
  ...rows(
    LOOK,
    CLUSTER,
    alters("service_connect_defaults", "new services of Service Connect are found elsewhere"),
    alters("configuration.managed_storage_configuration", "what is stored is encrypted with another key"),
  ),
  ...rows(
    "door-logs-off",
    CLUSTER,
    becomes(
      "configuration.execute_command_configuration.logging",
      ["NONE"],
      "nobody sees what is done in a shell of a task",
    ),
    alters("configuration.execute_command_configuration", "shells in tasks are logged or encrypted otherwise"),
    alters("setting", "what is measured of the cluster changes"),
  ),
  ...rows(
    "loses-capacity",
    "aws_ecs_cluster_capacity_providers",
    loses("capacity_providers", "services that use it can start no task"),
  ),
  ...rows(
    "loses-capacity",
    "aws_appautoscaling_target",
    on("suspended_state.dynamic_scaling_out_suspended", "no task is added when load grows"),
    on("suspended_state.scheduled_scaling_suspended", "no task is added at the set times"),
    on("suspended_state.dynamic_scaling_in_suspended", "tasks that are added stay", "care"),
    alters("role_arn", "without the same rights nothing scales"),
  ),
  ...rows(
    "loses-capacity",
    SCALING,
    rises(
      "target_tracking_scaling_policy_configuration.target_value",
      "tasks are added later, and fewer of them",
      "care",
    ),
    rises("target_tracking_scaling_policy_configuration.scale_out_cooldown", "tasks are added later", "care"),
    ...each(
      [
        "target_tracking_scaling_policy_configuration.customized_metric_specification",
        "target_tracking_scaling_policy_configuration.predefined_metric_specification",
      ].join(" "),
      (attribute) => alters(attribute, "it scales by something else"),
    ),
    ...each(
      [
        "target_tracking_scaling_policy_configuration.target_value",
        "target_tracking_scaling_policy_configuration.scale_in_cooldown",
        "target_tracking_scaling_policy_configuration.disable_scale_in",
        "predictive_scaling_policy_configuration",
        "policy_type",
      ].join(" "),
      (attribute) => alters(attribute, "tasks come and go otherwise"),
    ),
  ),
  ...rows(
    "loses-capacity",
    "aws_appautoscaling_scheduled_action",
    ...each("schedule start_time end_time timezone", (attribute) => alters(attribute, "it scales at other times")),
  ),
  ...rows(
    CUTS,
    "aws_dynamodb_table",
    ...each(
      "read_capacity write_capacity on_demand_throughput.max_read_request_units on_demand_throughput.max_write_request_units",
      (attribute) => falls(attribute, "calls beyond it are refused"),
    ),
    leaves("billing_mode", ["PAY_PER_REQUEST"], "calls beyond the capacity are refused", "care"),
    off("stream_enabled", "who follows the changes sees none any more"),
    alters("stream_view_type", "who follows the changes sees something else", "danger"),
    ...each("on_demand_throughput warm_throughput", (attribute) => alters(attribute, "calls beyond it are refused")),
    alters("global_table_witness", "a region fewer decides what is written"),
  ),
];
