import type { DescribeTagsOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { listOf } from "../input";
import { operation } from "../operation";
import { defaultRuleArn } from "./default-rule";
import { listenerOf, loadBalancerOf, targetGroupOf } from "./find";

/** Describes tags: the local cloud keeps none of the load balancer's resources. */
export const describeTags = operation(
  "DescribeTags",
  z.object({ ResourceArns: listOf(z.string()) }),
  ({ ResourceArns }, cloud): DescribeTagsOutput => {
    for (const arn of ResourceArns) {
      if (arn.includes(":targetgroup/")) targetGroupOf(arn, cloud);
      else if (arn.includes(":listener/")) listenerOf(arn, cloud);
      else if (!arn.includes(":listener-rule/")) loadBalancerOf(arn, cloud);
      else if (!cloud.template.listeners.some((listener) => defaultRuleArn(listener.arn) === arn)) {
        throw new AwsError("RuleNotFoundException", `Rule '${arn}' not found`);
      }
    }
    return { TagDescriptions: ResourceArns.map((arn) => ({ ResourceArn: arn, Tags: [] })) };
  },
);
