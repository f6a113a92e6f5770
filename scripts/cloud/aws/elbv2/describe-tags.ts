import type { DescribeTagsOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { listOf } from "../input";
import { operation } from "../operation";
import { listenerOf, loadBalancerOf, targetGroupOf } from "./find";
import { defaultRuleArn } from "./rules";

/** Describes tags. The resources of the load balancer have none in the local cloud. */
export const describeTags = operation(
  "DescribeTags",
  z.object({ ResourceArns: listOf(z.string()) }),
  ({ ResourceArns }, backend): DescribeTagsOutput => {
    for (const arn of ResourceArns) {
      if (arn.includes(":targetgroup/")) targetGroupOf(arn, backend);
      else if (arn.includes(":listener/")) listenerOf(arn, backend);
      else if (!arn.includes(":listener-rule/")) loadBalancerOf(arn, backend);
      else if (!backend.template.listeners.some((listener) => defaultRuleArn(listener.arn) === arn)) {
        throw new AwsError("RuleNotFoundException", `Rule '${arn}' not found`);
      }
    }
    return { TagDescriptions: ResourceArns.map((arn) => ({ ResourceArn: arn, Tags: [] })) };
  },
);
