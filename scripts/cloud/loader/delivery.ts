import { z } from "zod";
import { ONLY } from "../not-played";
import type { DeploymentConfigTemplate, DeploymentGroupTemplate, Template, TrafficRouting } from "../template";
import { TemplateError } from "./error";
import { block, blocks, flag, numeric, only, type Reader } from "./reader";

/** Reads the CodeDeploy application. @throws TemplateError when there is not exactly one */
export function readApplication(reader: Reader): Template["application"] {
  // The default is the one of the provider
  // (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/codedeploy_app).
  const schema = z.object({ name: z.string(), compute_platform: z.string().default("Server") });
  const { value } = reader.one("aws_codedeploy_app", "delivery", schema);
  return { name: value.name, computePlatform: value.compute_platform };
}

const routeSchema = block(z.object({ listener_arns: z.array(z.string()) }));

const groupSchema = z.object({
  deployment_group_name: z.string(),
  arn: z.string(),
  service_role_arn: z.string(),
  deployment_config_name: z.string(),
  ecs_service: block(z.object({ cluster_name: z.string(), service_name: z.string() })),
  alarm_configuration: block(
    z.object({
      enabled: flag.default(true),
      alarms: z.array(z.string()).default([]),
      ignore_poll_alarm_failure: flag.default(false),
    }),
  ).default({ enabled: false, alarms: [], ignore_poll_alarm_failure: false }),
  auto_rollback_configuration: block(
    z.object({ enabled: flag.default(false), events: z.array(z.string()).default([]) }),
  ).default({ enabled: false, events: [] }),
  blue_green_deployment_config: block(
    z.object({
      terminate_blue_instances_on_deployment_success: block(
        z.object({
          action: only(ONLY.terminationAction),
          termination_wait_time_in_minutes: numeric.default(0),
        }),
      ).default({ action: "TERMINATE", termination_wait_time_in_minutes: 0 }),
      deployment_ready_option: block(
        z.object({
          action_on_timeout: z.enum(["CONTINUE_DEPLOYMENT", "STOP_DEPLOYMENT"]).default("CONTINUE_DEPLOYMENT"),
          wait_time_in_minutes: numeric.default(0),
        }),
      ).optional(),
    }),
  ),
  trigger_configuration: blocks(
    z.object({ trigger_name: z.string(), trigger_target_arn: z.string(), trigger_events: z.array(z.string()) }),
  ).default([]),
  load_balancer_info: block(
    z.object({
      target_group_pair_info: block(
        z.object({
          target_group: blocks(z.object({ name: z.string() })),
          prod_traffic_route: routeSchema,
          test_traffic_route: routeSchema.optional(),
        }),
      ),
    }),
  ),
});

/** The resources that the deployment group may refer to. */
type Known = Pick<Template, "alarms" | "targetGroups" | "listeners">;

/** Reads the deployment group. @throws TemplateError, also when it refers to a resource that is not in the stacks */
export function readDeploymentGroup(reader: Reader, known: Known): DeploymentGroupTemplate {
  const { stack, address, value } = reader.one("aws_codedeploy_deployment_group", "delivery", groupSchema);
  const pair = value.load_balancer_info.target_group_pair_info;
  const refuse = (problem: string) => new TemplateError(`${stack.name}: ${address}: ${problem}`);
  const check = (what: string, names: readonly string[], existing: readonly string[]) => {
    for (const name of names)
      if (!existing.includes(name)) throw refuse(`${what} ${name} is in none of the synthesized stacks`);
  };
  const ready = value.blue_green_deployment_config.deployment_ready_option;
  if (ready?.action_on_timeout === "CONTINUE_DEPLOYMENT" && ready.wait_time_in_minutes > 0) {
    // AWS refuses this combination: https://github.com/hashicorp/terraform-provider-aws/issues/9653.
    throw refuse("deployment_ready_option: AWS takes wait_time_in_minutes with STOP_DEPLOYMENT only");
  }
  const groups = pair.target_group.map(({ name }) => name);
  const [first, second] = groups;
  if (first === undefined || second === undefined || groups.length !== 2)
    throw refuse(`target_group_pair_info needs two target groups, not ${groups.length}`);
  const listeners = [...pair.prod_traffic_route.listener_arns, ...(pair.test_traffic_route?.listener_arns ?? [])];
  check(
    "the target group",
    groups,
    known.targetGroups.map(({ name }) => name),
  );
  check(
    "the listener",
    listeners,
    known.listeners.map(({ arn }) => arn),
  );
  check(
    "the alarm",
    value.alarm_configuration.alarms,
    known.alarms.map(({ name }) => name),
  );
  return {
    name: value.deployment_group_name,
    arn: value.arn,
    deploymentConfigName: value.deployment_config_name,
    serviceRoleArn: value.service_role_arn,
    clusterName: value.ecs_service.cluster_name,
    serviceName: value.ecs_service.service_name,
    alarms: {
      enabled: value.alarm_configuration.enabled,
      names: value.alarm_configuration.alarms,
      ignorePollAlarmFailure: value.alarm_configuration.ignore_poll_alarm_failure,
    },
    autoRollback: value.auto_rollback_configuration,
    triggers: value.trigger_configuration.map(({ trigger_name, trigger_target_arn, trigger_events }) => ({
      name: trigger_name,
      targetArn: trigger_target_arn,
      events: trigger_events,
    })),
    terminationWaitMinutes:
      value.blue_green_deployment_config.terminate_blue_instances_on_deployment_success
        .termination_wait_time_in_minutes,
    ...(ready?.action_on_timeout === "STOP_DEPLOYMENT" && { readyWaitMinutes: ready.wait_time_in_minutes }),
    targetGroupNames: [first, second],
    productionListenerArns: pair.prod_traffic_route.listener_arns,
    testListenerArns: pair.test_traffic_route?.listener_arns ?? [],
  };
}

const stepSchema = block(z.object({ interval: numeric, percentage: numeric })).optional();
const configSchema = z.object({
  deployment_config_name: z.string(),
  traffic_routing_config: block(
    z.object({
      type: z.enum(["AllAtOnce", "TimeBasedCanary", "TimeBasedLinear"]),
      time_based_canary: stepSchema,
      time_based_linear: stepSchema,
    }),
  ),
});

/** Reads the custom deployment configs. @throws TemplateError when one has no interval and percentage */
export function readDeploymentConfigs(reader: Reader): DeploymentConfigTemplate[] {
  return reader.all("aws_codedeploy_deployment_config", configSchema).map(({ stack, address, value }) => {
    const routing = routingOf(value.traffic_routing_config);
    if (!routing)
      throw new TemplateError(
        `${stack.name}: ${address}: traffic_routing_config of type ${value.traffic_routing_config.type} ` +
          `has no interval and percentage`,
      );
    return { name: value.deployment_config_name, routing };
  });
}

function routingOf(config: z.output<typeof configSchema>["traffic_routing_config"]): TrafficRouting | undefined {
  if (config.type === "AllAtOnce") return { type: "AllAtOnce" };
  const step = config.type === "TimeBasedCanary" ? config.time_based_canary : config.time_based_linear;
  return step && { type: config.type, percentage: step.percentage, intervalMinutes: step.interval };
}
