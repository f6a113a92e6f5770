import type { DescribeTargetGroupAttributesOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { operation } from "../operation";
import { targetGroupOf } from "./find";

/**
 * What a target group has where nobody says otherwise, and what the local load balancer plays: the loader refuses stacks
 * that want it differently. Source: ELB API reference, TargetGroupAttribute.
 */
const DEFAULTS: Readonly<Record<string, string>> = {
  "stickiness.enabled": "false",
  "stickiness.type": "lb_cookie",
  "stickiness.lb_cookie.duration_seconds": "86400",
  "stickiness.app_cookie.cookie_name": "",
  "stickiness.app_cookie.duration_seconds": "86400",
  "slow_start.duration_seconds": "0",
  "load_balancing.algorithm.type": "round_robin",
  "load_balancing.algorithm.anomaly_mitigation": "off",
  "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
  "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
};

/** Gives the attributes of a target group: its deregistration delay, and AWS's defaults for all others. */
export const describeTargetGroupAttributes = operation(
  "DescribeTargetGroupAttributes",
  z.object({ TargetGroupArn: z.string() }),
  ({ TargetGroupArn }, cloud): DescribeTargetGroupAttributesOutput => ({
    Attributes: [
      {
        Key: "deregistration_delay.timeout_seconds",
        Value: String(targetGroupOf(TargetGroupArn, cloud).deregistrationDelay),
      },
      ...Object.entries(DEFAULTS).map(([Key, Value]) => ({ Key, Value })),
    ],
  }),
);
