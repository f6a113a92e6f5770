import { UNKNOWN, valueAfter, valueBefore, type Change } from "../change";
import { documentIn, isRecord, recordsIn, textOf, valueAt, type Json, type JsonRecord } from "../json-values";
import {
  caution,
  compareKnown,
  danger,
  inWords,
  isComparable,
  isLess,
  same,
  unknownUntilApply,
  type Assessment,
  type Rule,
} from "./rule";

type WebAclRule = JsonRecord;

const weakened: Rule = {
  id: "security-firewall-weakened",
  types: ["aws_wafv2_web_acl"],
  check: (change) => [
    ...compareKnown(change, ["default_action"], (before, after) =>
      has(before, 0, "block") && !has(after, 0, "block") ? danger("requests that match no rule are allowed now") : [],
    ),
    ...compareRules(change, (before, rules) =>
      before.flatMap((rule): readonly Assessment[] => {
        const name = textOf(rule["name"]);
        const now = rules.find((other) => other["name"] === rule["name"]);
        return now === undefined ? danger(`rule ${name} is removed`) : ruleWeakened(name, rule, now);
      }),
    ),
  ],
};

/** Compares the rules of a firewall: those in blocks, and those in a JSON document. */
function compareRules(
  change: Change,
  assess: (before: readonly WebAclRule[], after: readonly WebAclRule[]) => readonly Assessment[],
): readonly Assessment[] {
  const was = valueBefore(change, RULE_JSON);
  const is = valueAfter(change, RULE_JSON);
  if (was === undefined && is === undefined) {
    return compareKnown(change, ["rule"], (before, after) => assess(recordsIn(before), recordsIn(after)));
  }
  if (!isComparable(change) || same(was, is)) return [];
  if (is === UNKNOWN) return unknownUntilApply("rule_json");
  const [before, after] = [rulesIn(change.before), rulesIn(change.after)];
  return before && after ? assess(before, after) : caution("rule_json can't be read");
}

const RULE_JSON = ["rule_json"];

/** The rules of one side, all as Terraform writes blocks; undefined for a document that can't be read. */
function rulesIn(side: Json): readonly WebAclRule[] | undefined {
  const text = textOf(valueAt(side, RULE_JSON));
  if (text === "") return recordsIn(valueAt(side, ["rule"]));
  const rules = documentIn(text);
  return Array.isArray(rules) ? recordsIn(asBlocks(rules)) : undefined;
}

/**
 * A value of WAF's API (https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html) as Terraform writes it: its names in
 * snake case, and each object as a list of one.
 */
function asBlocks(value: Json): Json {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item) => (isRecord(item) ? membersAsBlocks(item) : asBlocks(item)));
  }
  return isRecord(value) ? [membersAsBlocks(value)] : value;
}

function membersAsBlocks(value: JsonRecord): JsonRecord {
  const snake = (name: string) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [snake(name), asBlocks(member)]));
}

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
    ...compareRules(change, (old, after) =>
      after.flatMap((rule): readonly Assessment[] => {
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
      }),
    ),
  ],
};

/** Rules about firewalls that block less, or more. */
export const FIREWALL_RULES: readonly Rule[] = [weakened, blocksMore];
