import { isRecord, textOf, valueAt, type Json } from "../change";
import { caution, compareKnown, danger, same, type Opinion, type Rule } from "./rule";

type WebAclRule = Readonly<Record<string, Json>>;

const weakened: Rule = {
  id: "door-firewall-weakened",
  types: ["aws_wafv2_web_acl"],
  check: (change) => [
    ...compareKnown(change, ["default_action"], (before, after) =>
      has(before, 0, "block") && !has(after, 0, "block") ? danger("what no rule names now passes") : [],
    ),
    ...compareKnown(change, ["rule"], (before, after) => {
      const rules = rulesIn(after);
      return rulesIn(before).flatMap((rule): readonly Opinion[] => {
        const name = textOf(rule["name"]);
        const now = rules.find((other) => other["name"] === rule["name"]);
        return now === undefined ? danger(`rule ${name} is gone`) : ruleWeakened(name, rule, now);
      });
    }),
  ],
};

function ruleWeakened(name: string, before: WebAclRule, after: WebAclRule): readonly Opinion[] {
  if (same(before, after)) return [];
  if (blocks(before) && !blocks(after)) return danger(`rule ${name} only counts what it used to block`);
  const [from, to] = [before, after].map((rule) => valueAt(rule, ["statement", 0, "rate_based_statement", 0, "limit"]));
  if (typeof from === "number" && typeof to === "number" && to > from) {
    return danger(`rule ${name} lets ${to} requests through instead of ${from}`);
  }
  return caution(`rule ${name} changes: it may block something else`);
}

/** A rule of one's own by its action; a group of rules unless an action overrides its own. */
function blocks(rule: WebAclRule): boolean {
  return has(rule["action"], 0, "block") || has(rule["override_action"], 0, "none");
}

/** Whether a block that has nothing in it is there. */
function has(value: Json | undefined, ...path: readonly (string | number)[]): boolean {
  const block = valueAt(value ?? null, path);
  return Array.isArray(block) ? block.length > 0 : block !== undefined;
}

function rulesIn(value: Json | undefined): readonly WebAclRule[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isRecord) : [];
}

/** A firewall that blocks less. */
export const FIREWALL_RULES: readonly Rule[] = [weakened];
