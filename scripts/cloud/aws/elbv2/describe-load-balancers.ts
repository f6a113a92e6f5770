import type { DescribeLoadBalancersOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { listOf } from "../input";
import { operation } from "../operation";
import { loadBalancerOf } from "./find";

/** There is one load balancer: that of the stacks. */
export const describeLoadBalancers = operation(
  "DescribeLoadBalancers",
  z.object({ LoadBalancerArns: listOf(z.string()).optional(), Names: listOf(z.string()).optional() }),
  ({ LoadBalancerArns = [], Names = [] }, cloud): DescribeLoadBalancersOutput => {
    const { loadBalancer } = cloud.template;
    LoadBalancerArns.forEach((arn) => loadBalancerOf(arn, cloud));
    const stranger = Names.find((name) => name !== loadBalancer.name);
    if (stranger !== undefined) {
      throw new AwsError("LoadBalancerNotFoundException", `Load balancers '[${stranger}]' not found`);
    }
    return {
      LoadBalancers: [
        {
          LoadBalancerArn: loadBalancer.arn,
          DNSName: loadBalancer.dnsName,
          CreatedTime: new Date(cloud.startedAt),
          LoadBalancerName: loadBalancer.name,
          Scheme: loadBalancer.scheme,
          // It is in the VPC of what it forwards to.
          VpcId: cloud.template.targetGroups.find(({ vpcId }) => vpcId !== undefined)?.vpcId,
          AvailabilityZones: loadBalancer.subnets?.map((SubnetId) => ({ SubnetId })),
          SecurityGroups: [...(loadBalancer.securityGroups ?? [])],
          IpAddressType: "ipv4",
          State: { Code: "active" },
          Type: "application",
        },
      ],
    };
  },
);
