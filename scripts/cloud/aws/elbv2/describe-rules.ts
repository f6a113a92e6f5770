import type { DescribeRulesOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { listOf } from "../input";
import { operation } from "../operation";
import { defaultRule, defaultRuleArn } from "./default-rule";
import { listenerOf } from "./find";
import { markedPage, pageInput } from "./paging";

/** Describes rules: every listener has its default rule and no other, as CodeDeploy needs it. */
export const describeRules = operation(
  "DescribeRules",
  z.object({ ListenerArn: z.string().optional(), RuleArns: listOf(z.string()).optional(), ...pageInput }),
  ({ ListenerArn, RuleArns, ...paging }, cloud): DescribeRulesOutput => {
    if ((ListenerArn === undefined) === (RuleArns === undefined)) {
      throw new AwsError("ValidationError", "You must specify either listener rule ARNs or a listener ARN");
    }
    const listeners =
      ListenerArn !== undefined
        ? [listenerOf(ListenerArn, cloud)]
        : (RuleArns ?? []).map((ruleArn) => {
            const listener = cloud.template.listeners.find(({ arn }) => defaultRuleArn(arn) === ruleArn);
            if (listener) return listener;
            throw new AwsError("RuleNotFoundException", `Rule '${ruleArn}' not found`);
          });
    const page = markedPage(listeners, ({ arn }) => arn, paging);
    return { Rules: page.items.map((listener) => defaultRule(listener, cloud)), NextMarker: page.marker };
  },
);
