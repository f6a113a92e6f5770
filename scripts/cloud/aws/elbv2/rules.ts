import type {
  DescribeRulesOutput,
  ModifyRuleOutput,
  Rule,
  RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import type { ListenerRule } from "../../load-balancer/part";
import { integer, listOf } from "../input";
import { type AwsBackend, operation } from "../operation";
import { listenerOf, targetGroupOf } from "./find";
import { actionOf } from "./listeners";
import { markedPage, pageInput } from "./paging";

/** Describes rules with their current weights, by ARN, or all rules of a listener. */
export const describeRules = operation(
  "DescribeRules",
  z.object({ ListenerArn: z.string().optional(), RuleArns: listOf(z.string()).optional(), ...pageInput }),
  ({ ListenerArn, RuleArns, ...paging }, backend): DescribeRulesOutput => {
    if ((ListenerArn === undefined) === (RuleArns === undefined)) {
      throw new AwsError("ValidationError", "You must specify either listener rule ARNs or a listener ARN");
    }
    const rules =
      ListenerArn !== undefined
        ? backend.parts.loadBalancer.rules(listenerOf(ListenerArn, backend).arn)
        : (RuleArns ?? []).map((arn) => ruleOf(arn, backend));
    const page = markedPage(rules, ({ arn }) => arn, paging);
    return { Rules: page.items.map(describe), NextMarker: page.marker };
  },
);

const weight = integer.refine((value) => value >= 0 && value <= 999, "expected a weight from 0 to 999");

/** An action that forwards, in its short or its long form. AWS's default of a weight is 1. */
const forwardSchema = z.object({
  Type: z.string(),
  TargetGroupArn: z.string().optional(),
  ForwardConfig: z
    .object({
      TargetGroups: listOf(z.object({ TargetGroupArn: z.string(), Weight: weight.default(1) })),
    })
    .optional(),
});

/** Changes where a rule forwards to. Its conditions, other actions and default rules can't be changed here. */
export const modifyRule = operation(
  "ModifyRule",
  z.object({ RuleArn: z.string(), Conditions: z.unknown().optional(), Actions: listOf(forwardSchema).optional() }),
  ({ RuleArn, Conditions, Actions = [] }, backend): ModifyRuleOutput => {
    const rule = ruleOf(RuleArn, backend);
    // As AWS: the actions of a default rule are those of its listener.
    if (rule.priority === "default") {
      throw new AwsError("OperationNotPermittedException", `Default rule '${RuleArn}' cannot be modified`);
    }
    const [action, ...others] = Actions;
    if (Conditions !== undefined || action?.Type !== "forward" || others.length > 0) {
      throw new AwsError("ValidationError", "The local cloud modifies rules only by Actions with one forward action");
    }
    const { TargetGroupArn, ForwardConfig } = action;
    const groups = ForwardConfig?.TargetGroups ?? (TargetGroupArn === undefined ? [] : [{ TargetGroupArn, Weight: 1 }]);
    if (groups.length === 0) throw new AwsError("ValidationError", "A forward action needs a target group");
    const forward = groups.map((group) => ({
      targetGroupArn: targetGroupOf(group.TargetGroupArn, backend).arn,
      weight: group.Weight,
    }));
    backend.parts.loadBalancer.setForward(RuleArn, forward);
    return { Rules: [describe({ ...rule, forward })] };
  },
);

/** The rule with an ARN, with its current weights. @throws AwsError RuleNotFoundException */
export function ruleOf(ruleArn: string, { template, parts }: AwsBackend): ListenerRule {
  const all = template.listeners.flatMap(({ arn }) => parts.loadBalancer.rules(arn));
  const rule = all.find(({ arn }) => arn === ruleArn);
  if (rule) return rule;
  throw new AwsError("RuleNotFoundException", `Rule '${ruleArn}' not found`);
}

function describe({ arn, priority, conditions, forward }: ListenerRule): Rule {
  return {
    RuleArn: arn,
    Priority: String(priority),
    Conditions: [
      ...conditionOf("host-header", "HostHeaderConfig", conditions.hosts),
      ...conditionOf("path-pattern", "PathPatternConfig", conditions.paths),
    ],
    Actions: [actionOf(forward)],
    IsDefault: priority === "default",
  };
}

/** A condition as ELB returns it: its values are in Values and in a member of its own. */
function conditionOf(
  field: string,
  member: "HostHeaderConfig" | "PathPatternConfig",
  values: readonly string[] | undefined,
): readonly RuleCondition[] {
  return values === undefined ? [] : [{ Field: field, Values: [...values], [member]: { Values: [...values] } }];
}
