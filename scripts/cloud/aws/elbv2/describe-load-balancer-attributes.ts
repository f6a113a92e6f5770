import type { DescribeLoadBalancerAttributesOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { operation } from "../operation";
import { loadBalancerOf } from "./find";

/** Gives the attributes that the local load balancer acts on. */
export const describeLoadBalancerAttributes = operation(
  "DescribeLoadBalancerAttributes",
  z.object({ LoadBalancerArn: z.string() }),
  ({ LoadBalancerArn }, cloud): DescribeLoadBalancerAttributesOutput => {
    loadBalancerOf(LoadBalancerArn, cloud);
    return {
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: String(cloud.settings.idleTimeoutSeconds) }],
    };
  },
);
