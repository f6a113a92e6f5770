import { isRecord, textOf, valueAt, type Json } from "../change";
import { caution, compareKnown, danger, same, type Assessment, type Rule } from "./rule";

type WebAclRule = Readonly<Record<string, Json>>;

const weakened: Rule = {
  id: "security-firewall-weakened",
  types: ["aws_wafv2_web_acl"],
  check: (change) => [
    ...compareKnown(change, ["default_action"], (before, after) =>
      has(before, 0, "block") && !has(after, 0, "block") ? danger("what no rule names now passes") : [],
    ),
    ...compareKnown(change, ["rule"], (before, after) => {
      const rules = rulesIn(after);
      return rulesIn(before).flatMap((rule): readonly Assessment[] => {
        const name = textOf(rule["name"]);
        const now = rules.find((other) => other["name"] === rule["name"]);
        return now === undefined ? danger(`rule ${name} is gone`) : ruleWeakened(name, rule, now);
      });
    }),
  ],
};

function ruleWeakened(name: string, before: WebAclRule, after: WebAclRule): readonly Assessment[] {
  if (same(before, after)) return [];
  if (blocks(before) && !blocks(after)) return danger(`rule ${name} only counts what it used to block`);
  const [from, to] = limits(before, after);
  if (typeof from === "number" && typeof to === "number" && to > from) {
    return danger(`rule ${name} lets ${to} requests through instead of ${from}`);
  }
  return caution(`rule ${name} changes: it may block something else`);
}

/** How many requests rules let through that count them. */
function limits(before: WebAclRule, after: WebAclRule): readonly [Json | undefined, Json | undefined] {
  const limit = (rule: WebAclRule) => valueAt(rule, ["statement", 0, "rate_based_statement", 0, "limit"]);
  return [limit(before), limit(after)];
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

/** What is blocked that was let through. */
const blocksMore: Rule = {
  id: "cuts-requests",
  types: ["aws_wafv2_web_acl"],
  check: (change) => [
    ...compareKnown(change, ["default_action"], (before, after) =>
      !has(before, 0, "block") && has(after, 0, "block") ? danger("what no rule names is blocked from now on") : [],
    ),
    ...compareKnown(change, ["rule"], (before, after) => {
      const old = rulesIn(before);
      return rulesIn(after).flatMap((rule): readonly Assessment[] => {
        const name = textOf(rule["name"]);
        const was = old.find((other) => other["name"] === rule["name"]);
        if (!blocks(rule)) return [];
        if (was === undefined)
          return (has(rule["action"], 0, "block") ? danger : caution)(`rule ${name} is new, and blocks`);
        if (!blocks(was)) return danger(`rule ${name} blocks what it only counted`);
        const [from, to] = limits(was, rule);
        return typeof from === "number" && typeof to === "number" && to < from
          ? caution(`rule ${name} lets ${to} requests through instead of ${from}`)
          : [];
      });
    }),
  ],
};

/** A firewall that blocks less, or more. */
export const FIREWALL_RULES: readonly Rule[] = [weakened, blocksMore];
