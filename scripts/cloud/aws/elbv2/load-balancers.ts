import type {
  DescribeLoadBalancerAttributesOutput,
  DescribeLoadBalancersOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { listOf } from "../input";
import { operation } from "../operation";
import { loadBalancerOf } from "./find";

/** A client connects to this name. The listeners are on the loopback interface, and AWS's name leads nowhere from here. */
const DNS_NAME = "localhost";

/** Describes the only load balancer. Its DNS name is this machine's. Other ARNs and names are an error. */
export const describeLoadBalancers = operation(
  "DescribeLoadBalancers",
  z.object({ LoadBalancerArns: listOf(z.string()).optional(), Names: listOf(z.string()).optional() }),
  ({ LoadBalancerArns = [], Names = [] }, backend): DescribeLoadBalancersOutput => {
    const { loadBalancer } = backend.template;
    LoadBalancerArns.forEach((arn) => loadBalancerOf(arn, backend));
    const unknown = Names.find((name) => name !== loadBalancer.name);
    if (unknown !== undefined) {
      throw new AwsError("LoadBalancerNotFoundException", `Load balancers '[${unknown}]' not found`);
    }
    return {
      LoadBalancers: [
        {
          LoadBalancerArn: loadBalancer.arn,
          DNSName: DNS_NAME,
          CreatedTime: new Date(backend.startedAt),
          LoadBalancerName: loadBalancer.name,
          Scheme: loadBalancer.scheme,
          // A load balancer is in the same VPC as its target groups.
          VpcId: backend.template.targetGroups.find(({ vpcId }) => vpcId !== undefined)?.vpcId,
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

/** Gives the attributes that the local load balancer supports. */
export const describeLoadBalancerAttributes = operation(
  "DescribeLoadBalancerAttributes",
  z.object({ LoadBalancerArn: z.string() }),
  ({ LoadBalancerArn }, backend): DescribeLoadBalancerAttributesOutput => {
    loadBalancerOf(LoadBalancerArn, backend);
    return {
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: String(backend.settings.idleTimeoutSeconds) }],
    };
  },
);
