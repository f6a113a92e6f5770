import { z } from "zod";
import type { ListenerTemplate, LoadBalancerTemplate, TargetGroupTemplate } from "../template";
import { TemplateError } from "./error";
import { block, blocks, flag, numeric, only, type Reader } from "./reader";

const loadBalancerSchema = z.object({
  name: z.string(),
  arn: z.string(),
  arn_suffix: z.string(),
  dns_name: z.string(),
  load_balancer_type: only("application", "CodeDeploy's canaries need weights, and the local cloud has no other type"),
  internal: flag.default(false),
  subnets: z.array(z.string()).default([]),
  security_groups: z.array(z.string()).default([]),
  idle_timeout: numeric.optional(),
});

/** Reads the load balancer. @throws TemplateError when it is missing or not supported */
export function readLoadBalancer(reader: Reader): LoadBalancerTemplate {
  const { value } = reader.one("aws_lb", "service", loadBalancerSchema);
  return {
    name: value.name,
    arn: value.arn,
    arnSuffix: value.arn_suffix,
    dnsName: value.dns_name,
    scheme: value.internal ? "internal" : "internet-facing",
    subnets: value.subnets,
    securityGroups: value.security_groups,
    ...(value.idle_timeout === undefined ? {} : { idleTimeoutSeconds: value.idle_timeout }),
  };
}

// The defaults are those of the Terraform provider's aws_lb_target_group
// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_target_group).
const healthCheckSchema = z.object({
  enabled: only(true, "targets would count as healthy without a check"),
  port: only("traffic-port", "a task listens on one port of this machine"),
  protocol: only("HTTP", "health checks are plain HTTP requests"),
  path: z.string().default("/"),
  interval: numeric.default(30),
  timeout: numeric.default(5),
  healthy_threshold: numeric.default(3),
  unhealthy_threshold: numeric.default(3),
  matcher: z.string().default("200"),
});

const notSticky = "must be false: the local load balancer routes every request by the weights alone";

const targetGroupSchema = z.object({
  name: z.string(),
  vpc_id: z.string().optional(),
  protocol: only("HTTP", "the local load balancer speaks no other protocol to targets"),
  protocol_version: only("HTTP1", "the local load balancer speaks no other protocol to targets"),
  load_balancing_algorithm_type: only("round_robin", "the local load balancer takes targets in turn"),
  load_balancing_anomaly_mitigation: only("off", "the local load balancer gives every healthy target its turn"),
  load_balancing_cross_zone_enabled: only("use_load_balancer_configuration", "the local load balancer has no zones"),
  // The loader reads this block only to refuse it.
  target_group_health: z
    .undefined("the local load balancer fails open when no target is healthy, and only then")
    .optional(),
  slow_start: only(0, "the local load balancer gives a healthy target its whole share at once"),
  // A block without `enabled` turns stickiness on, as in the provider.
  stickiness: block(z.object({ enabled: flag.default(true).refine((on) => !on, notSticky) })).optional(),
  arn: z.string(),
  arn_suffix: z.string(),
  port: numeric,
  target_type: z.literal("ip", "must be ip: every task has its own network interface"),
  deregistration_delay: numeric.default(300),
  health_check: block(healthCheckSchema).default(healthCheckSchema.parse({})),
});

/** Reads all target groups. @throws TemplateError when there are fewer than two, or one is not supported */
export function readTargetGroups(reader: Reader): TargetGroupTemplate[] {
  const found = reader.all("aws_lb_target_group", targetGroupSchema);
  if (found.length < 2)
    throw new TemplateError(
      `service: ${found.length === 0 ? "no" : "only one"} aws_lb_target_group found; a blue/green deployment needs two`,
    );
  return found.map(({ value }) => ({
    name: value.name,
    arn: value.arn,
    arnSuffix: value.arn_suffix,
    port: value.port,
    ...(value.vpc_id === undefined ? {} : { vpcId: value.vpc_id }),
    deregistrationDelay: value.deregistration_delay,
    healthCheck: {
      path: value.health_check.path,
      interval: value.health_check.interval,
      timeout: value.health_check.timeout,
      healthyThreshold: value.health_check.healthy_threshold,
      unhealthyThreshold: value.health_check.unhealthy_threshold,
      matcher: value.health_check.matcher,
    },
  }));
}

// The default weight is 1, as in the provider.
const actionSchema = z.object({
  type: z.string(),
  target_group_arn: z.string().optional(),
  forward: block(
    z.object({
      target_group: blocks(z.object({ arn: z.string(), weight: numeric.default(1) })),
      stickiness: block(z.object({ enabled: flag.default(false).refine((on) => !on, notSticky) })).optional(),
    }),
  ).optional(),
});

const listenerSchema = z.object({
  arn: z.string(),
  port: numeric,
  protocol: z.string().default("HTTP"),
  default_action: blocks(actionSchema),
});

/**
 * Reads the listeners that forward to target groups. The local cloud ignores redirects and fixed responses.
 * @param targetGroups the target groups of the stacks
 * @throws TemplateError when a listener forwards to a target group that is not in the stacks
 */
export function readListeners(reader: Reader, targetGroups: readonly TargetGroupTemplate[]): ListenerTemplate[] {
  return reader.all("aws_lb_listener", listenerSchema).flatMap(({ stack, address, value }) => {
    const action = value.default_action.find(({ type }) => type === "forward");
    if (!action) return [];
    const forward = action.forward?.target_group.map(({ arn, weight }) => ({ targetGroupArn: arn, weight })) ?? [
      { targetGroupArn: action.target_group_arn ?? "", weight: 1 },
    ];
    for (const { targetGroupArn } of forward)
      if (!targetGroups.some(({ arn }) => arn === targetGroupArn))
        throw new TemplateError(
          `${stack.name}: ${address}: default_action forwards to ${targetGroupArn || "nothing"}, ` +
            `which is no aws_lb_target_group of the stacks`,
        );
    return [{ arn: value.arn, port: value.port, protocol: value.protocol, forward }];
  });
}
