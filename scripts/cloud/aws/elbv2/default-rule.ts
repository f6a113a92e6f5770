import { createHash } from "node:crypto";
import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerTemplate } from "../../template";
import type { Cloud } from "../operation";
import { forwardAction } from "./forward-action";

/** The ARN of a listener's default rule: the listener's own, with an id that always comes out the same. */
export function defaultRuleArn(listenerArn: string): string {
  const id = createHash("sha256").update(listenerArn).digest("hex").slice(0, 16);
  return `${listenerArn.replace(":listener/", ":listener-rule/")}/${id}`;
}

/** A listener's default rule with the weights it has now. */
export function defaultRule({ arn }: ListenerTemplate, { parts }: Cloud): Rule {
  return {
    RuleArn: defaultRuleArn(arn),
    Priority: "default",
    Conditions: [],
    Actions: [forwardAction(parts.loadBalancer.forward(arn))],
    IsDefault: true,
  };
}
