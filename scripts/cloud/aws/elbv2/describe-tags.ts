import type { DescribeTagsOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { listOf } from "../input";
import { operation } from "../operation";
import { listenerOf, loadBalancerOf, targetGroupOf } from "./find";
import { ruleOf } from "./rules";

/** Describes tags. The resources of the load balancer have none in the local cloud. */
export const describeTags = operation(
  "DescribeTags",
  z.object({ ResourceArns: listOf(z.string()) }),
  ({ ResourceArns }, backend): DescribeTagsOutput => {
    for (const arn of ResourceArns) {
      if (arn.includes(":targetgroup/")) targetGroupOf(arn, backend);
      else if (arn.includes(":listener/")) listenerOf(arn, backend);
      else if (arn.includes(":listener-rule/")) ruleOf(arn, backend);
      else loadBalancerOf(arn, backend);
    }
    return { TagDescriptions: ResourceArns.map((arn) => ({ ResourceArn: arn, Tags: [] })) };
  },
);
