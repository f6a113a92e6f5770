import { recordsIn, textOf, valueAt, type Json, type JsonRecord } from "../json-values";
import { caution, compareKnown, danger, inWords, isLess, same, type Assessment, type Rule } from "./rule";

type WebAclRule = JsonRecord;

const weakened: Rule = {
  id: "security-firewall-weakened",
  types: ["aws_wafv2_web_acl"],
  check: (change) => [
    ...compareKnown(change, ["default_action"], (before, after) =>
      has(before, 0, "block") && !has(after, 0, "block") ? danger("requests that match no rule are allowed now") : [],
    ),
    ...compareKnown(change, ["rule"], (before, after) => {
      const rules = recordsIn(after);
      return recordsIn(before).flatMap((rule): readonly Assessment[] => {
        const name = textOf(rule["name"]);
        const now = rules.find((other) => other["name"] === rule["name"]);
        return now === undefined ? danger(`rule ${name} is removed`) : ruleWeakened(name, rule, now);
      });
    }),
  ],
};

function ruleWeakened(name: string, before: WebAclRule, after: WebAclRule): readonly Assessment[] {
  if (same(before, after)) return [];
  if (blocks(before) && !blocks(after)) return danger(`rule ${name} only counts what it blocked before`);
  const [from, to] = limits(before, after);
  if (isLess(from, to)) {
    return danger(`rule ${name} allows ${inWords(to)} requests instead of ${inWords(from)}`);
  }
  return caution(`rule ${name} changes: it may block something else`);
}

/** The limits of rate-based rules, in requests. */
function limits(before: WebAclRule, after: WebAclRule): readonly [Json | undefined, Json | undefined] {
  const limit = (rule: WebAclRule) => valueAt(rule, ["statement", 0, "rate_based_statement", 0, "limit"]);
  return [limit(before), limit(after)];
}

/** Whether a rule blocks: by its own action, or as a rule group whose actions are not overridden. */
function blocks(rule: WebAclRule): boolean {
  return has(rule["action"], 0, "block") || has(rule["override_action"], 0, "none");
}

/** Whether a block is present, even when it is empty. */
function has(value: Json | undefined, ...path: readonly (string | number)[]): boolean {
  const block = valueAt(value ?? null, path);
  return Array.isArray(block) && block.length > 0;
}

const blocksMore: Rule = {
  id: "cuts-requests",
  types: ["aws_wafv2_web_acl"],
  check: (change) => [
    ...compareKnown(change, ["default_action"], (before, after) =>
      !has(before, 0, "block") && has(after, 0, "block")
        ? danger("requests that match no rule are blocked from now on")
        : [],
    ),
    ...compareKnown(change, ["rule"], (before, after) => {
      const old = recordsIn(before);
      return recordsIn(after).flatMap((rule): readonly Assessment[] => {
        const name = textOf(rule["name"]);
        const was = old.find((other) => other["name"] === rule["name"]);
        if (!blocks(rule)) return [];
        if (was === undefined)
          return (has(rule["action"], 0, "block") ? danger : caution)(`rule ${name} is new, and blocks`);
        if (!blocks(was)) return danger(`rule ${name} blocks what it only counted before`);
        const [from, to] = limits(was, rule);
        return isLess(to, from)
          ? caution(`rule ${name} allows ${inWords(to)} requests instead of ${inWords(from)}`)
          : [];
      });
    }),
  ],
};

/** Rules about firewalls that block less, or more. */
export const FIREWALL_RULES: readonly Rule[] = [weakened, blocksMore];
