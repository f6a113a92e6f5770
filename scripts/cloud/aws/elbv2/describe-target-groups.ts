import type { DescribeTargetGroupsOutput, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import type { TargetGroupTemplate } from "../../template";
import { listOf } from "../input";
import { type Cloud, operation } from "../operation";
import { loadBalancerOf, targetGroupOf } from "./find";
import { markedPage, pageInput } from "./paging";

/** Describes target groups by ARN, by name, of a load balancer, or all. */
export const describeTargetGroups = operation(
  "DescribeTargetGroups",
  z.object({
    LoadBalancerArn: z.string().optional(),
    TargetGroupArns: listOf(z.string()).optional(),
    Names: listOf(z.string()).optional(),
    ...pageInput,
  }),
  ({ LoadBalancerArn, TargetGroupArns, Names, ...paging }, cloud): DescribeTargetGroupsOutput => {
    const { targetGroups } = cloud.template;
    if (LoadBalancerArn !== undefined) loadBalancerOf(LoadBalancerArn, cloud);
    const groups =
      TargetGroupArns?.map((arn) => targetGroupOf(arn, cloud)) ??
      Names?.map((name) => {
        const group = targetGroups.find((candidate) => candidate.name === name);
        if (group) return group;
        throw new AwsError("TargetGroupNotFoundException", "One or more target groups not found");
      }) ??
      targetGroups.filter(({ arn }) => LoadBalancerArn === undefined || isForwardedTo(arn, cloud));
    const page = markedPage(groups, ({ arn }) => arn, paging);
    return { TargetGroups: page.items.map((group) => describe(group, cloud)), NextMarker: page.marker };
  },
);

/** Does a listener forward to it? A weight of 0 counts, as in ELB. */
function isForwardedTo(arn: string, { template, parts }: Cloud): boolean {
  return template.listeners.some((listener) =>
    parts.loadBalancer.forward(listener.arn).some(({ targetGroupArn }) => targetGroupArn === arn),
  );
}

function describe({ arn, name, port, vpcId, healthCheck }: TargetGroupTemplate, cloud: Cloud): TargetGroup {
  return {
    TargetGroupArn: arn,
    TargetGroupName: name,
    // The local load balancer speaks HTTP/1.1 to the addresses of awsvpc tasks, and nothing else.
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
    LoadBalancerArns: isForwardedTo(arn, cloud) ? [cloud.template.loadBalancer.arn] : [],
  };
}
