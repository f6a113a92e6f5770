import type { DescribeRulesOutput, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { createHash } from "node:crypto";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import type { ListenerTemplate } from "../../template";
import { listOf } from "../input";
import { type AwsBackend, operation } from "../operation";
import { listenerOf } from "./find";
import { forwardAction } from "./listeners";
import { markedPage, pageInput } from "./paging";

/** Describes rules. Every listener has only its default rule. */
export const describeRules = operation(
  "DescribeRules",
  z.object({ ListenerArn: z.string().optional(), RuleArns: listOf(z.string()).optional(), ...pageInput }),
  ({ ListenerArn, RuleArns, ...paging }, backend): DescribeRulesOutput => {
    if ((ListenerArn === undefined) === (RuleArns === undefined)) {
      throw new AwsError("ValidationError", "You must specify either listener rule ARNs or a listener ARN");
    }
    const listeners =
      ListenerArn !== undefined
        ? [listenerOf(ListenerArn, backend)]
        : (RuleArns ?? []).map((ruleArn) => {
            const listener = backend.template.listeners.find(({ arn }) => defaultRuleArn(arn) === ruleArn);
            if (listener) return listener;
            throw new AwsError("RuleNotFoundException", `Rule '${ruleArn}' not found`);
          });
    const page = markedPage(listeners, ({ arn }) => arn, paging);
    return { Rules: page.items.map((listener) => defaultRule(listener, backend)), NextMarker: page.marker };
  },
);

/** The ARN of a listener's default rule. Its id derives from the listener's ARN, so each call gives the same. */
export function defaultRuleArn(listenerArn: string): string {
  const id = createHash("sha256").update(listenerArn).digest("hex").slice(0, 16);
  return `${listenerArn.replace(":listener/", ":listener-rule/")}/${id}`;
}

/** A listener's default rule with its current weights. */
function defaultRule({ arn }: ListenerTemplate, { parts }: AwsBackend): Rule {
  return {
    RuleArn: defaultRuleArn(arn),
    Priority: "default",
    Conditions: [],
    Actions: [forwardAction(parts.loadBalancer.forward(arn))],
    IsDefault: true,
  };
}
