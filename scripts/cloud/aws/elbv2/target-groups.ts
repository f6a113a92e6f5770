import type {
  DescribeTargetGroupAttributesOutput,
  DescribeTargetGroupsOutput,
  TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { rulesTo } from "../../load-balancer/forwards";
import type { TargetGroupTemplate } from "../../template";
import { listOf } from "../input";
import { type AwsBackend, operation } from "../operation";
import { loadBalancerOf, targetGroupOf } from "./find";
import { markedPage, pageInput } from "./paging";

/** Describes target groups by ARN, by name or by load balancer; without a filter, all. */
export const describeTargetGroups = operation(
  "DescribeTargetGroups",
  z.object({
    LoadBalancerArn: z.string().optional(),
    TargetGroupArns: listOf(z.string()).optional(),
    Names: listOf(z.string()).optional(),
    ...pageInput,
  }),
  ({ LoadBalancerArn, TargetGroupArns, Names, ...paging }, backend): DescribeTargetGroupsOutput => {
    const { targetGroups } = backend.template;
    if (LoadBalancerArn !== undefined) loadBalancerOf(LoadBalancerArn, backend);
    const groups =
      TargetGroupArns?.map((arn) => targetGroupOf(arn, backend)) ??
      Names?.map((name) => {
        const group = targetGroups.find((candidate) => candidate.name === name);
        if (group) return group;
        throw new AwsError("TargetGroupNotFoundException", "One or more target groups not found");
      }) ??
      targetGroups.filter(({ arn }) => LoadBalancerArn === undefined || isForwardedTo(arn, backend));
    const page = markedPage(groups, ({ arn }) => arn, paging);
    return { TargetGroups: page.items.map((group) => describe(group, backend)), NextMarker: page.marker };
  },
);

/** True when a rule of a listener forwards to the target group, also with the weight 0. */
function isForwardedTo(arn: string, { template, parts }: AwsBackend): boolean {
  return template.listeners.some((listener) => rulesTo(parts.loadBalancer.rules(listener.arn), [arn]).length > 0);
}

function describe({ arn, name, port, vpcId, healthCheck }: TargetGroupTemplate, backend: AwsBackend): TargetGroup {
  return {
    TargetGroupArn: arn,
    TargetGroupName: name,
    // The local load balancer speaks only HTTP/1.1, and only to the addresses of awsvpc tasks.
    Protocol: "HTTP",
    ProtocolVersion: "HTTP1",
    TargetType: "ip",
    IpAddressType: "ipv4",
    Port: port,
    VpcId: vpcId,
    HealthCheckProtocol: "HTTP",
    HealthCheckPort: "traffic-port",
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: healthCheck.interval,
    HealthCheckTimeoutSeconds: healthCheck.timeout,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    HealthCheckPath: healthCheck.path,
    Matcher: { HttpCode: healthCheck.matcher },
    LoadBalancerArns: isForwardedTo(arn, backend) ? [backend.template.loadBalancer.arn] : [],
  };
}

/**
 * AWS's defaults (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html). The local
 * load balancer supports no other values: the loader refuses stacks that set them.
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

/** Gives the attributes of a target group: its deregistration delay and AWS's defaults. */
export const describeTargetGroupAttributes = operation(
  "DescribeTargetGroupAttributes",
  z.object({ TargetGroupArn: z.string() }),
  ({ TargetGroupArn }, backend): DescribeTargetGroupAttributesOutput => ({
    Attributes: [
      {
        Key: "deregistration_delay.timeout_seconds",
        Value: String(targetGroupOf(TargetGroupArn, backend).deregistrationDelay),
      },
      ...Object.entries(DEFAULTS).map(([Key, Value]) => ({ Key, Value })),
    ],
  }),
);
