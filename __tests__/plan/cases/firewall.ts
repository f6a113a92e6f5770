import { create, update } from "../plan-fixture";
import type { Case } from "./case";

const ACL = "aws_wafv2_web_acl";
const RULE = "security-firewall-weakened";
const rules = (...all: readonly object[]) => ({ rule: all });
const own = (name: string, action: "block" | "count", rest: object = {}) => ({
  name,
  action: [{ block: action === "block" ? [{}] : [], count: action === "count" ? [{}] : [] }],
  override_action: [],
  ...rest,
});
const group = (name: string, override: "none" | "count") => ({
  name,
  action: [],
  override_action: [{ none: override === "none" ? [{}] : [], count: override === "count" ? [{}] : [] }],
});
const limited = (limit: number) =>
  own("rate-limit", "block", { statement: [{ rate_based_statement: [{ limit, aggregate_key_type: "IP" }] }] });
const fallback = (action: "block" | "allow") => ({
  default_action: [{ block: action === "block" ? [{}] : [], allow: action === "allow" ? [{}] : [] }],
});

/** Rules in a JSON document, as WAF's API has them. */
const inJson = (...all: readonly object[]) => ({ rule_json: JSON.stringify(all) });
const jsonRule = (Name: string, action: "Block" | "Count", Limit = 100) => ({
  ...{ Name, Priority: 1, Action: { [action]: {} } },
  Statement: { RateBasedStatement: { Limit, AggregateKeyType: "IP" } },
});
const JSON_GROUP = {
  Name: "group",
  Priority: 0,
  OverrideAction: { None: {} },
  Statement: { OrStatement: { Statements: [{}] } },
};

/** Firewalls that block less, or more. */
export const FIREWALLS: readonly Case[] = [
  {
    rule: RULE,
    when: "a rule of a JSON document is removed",
    trips: [update(ACL, inJson(JSON_GROUP, jsonRule("b", "Block")), inJson(JSON_GROUP))],
    says: /^rule b is removed$/,
    silent: [
      update(ACL, inJson(JSON_GROUP), inJson(JSON_GROUP, jsonRule("b", "Block"))),
      update(ACL, { ...inJson(JSON_GROUP), tags: {} }, { ...inJson(JSON_GROUP), tags: { a: "b" } }, { name: "same" }),
      create(ACL, inJson(), { name: "new" }),
    ],
  },
  {
    rule: RULE,
    when: "a rule of a JSON document only counts",
    trips: [update(ACL, inJson(jsonRule("a", "Block")), inJson(jsonRule("a", "Count")))],
    says: /^rule a only counts what it blocked before$/,
    silent: [update(ACL, inJson(jsonRule("a", "Block")), inJson(jsonRule("a", "Block")))],
  },
  {
    rule: RULE,
    when: "a group of rules of a JSON document only counts",
    trips: [update(ACL, inJson(JSON_GROUP), inJson({ ...JSON_GROUP, OverrideAction: { Count: {} } }))],
    says: /^rule group only counts what it blocked before$/,
    silent: [create(ACL, inJson({ ...JSON_GROUP, OverrideAction: { Count: {} } }))],
  },
  {
    rule: RULE,
    when: "a limit of a JSON document is raised",
    trips: [update(ACL, inJson(jsonRule("a", "Block", 2_000)), inJson(jsonRule("a", "Block", 3_000)))],
    says: /^rule a allows 3000 requests instead of 2000$/,
    silent: [create(ACL, inJson(jsonRule("a", "Block", 3_000)))],
  },
  {
    rule: RULE,
    when: "blocks give way to a JSON document without one of them",
    trips: [update(ACL, rules(own("a", "block"), own("b", "block")), inJson(jsonRule("a", "Block")))],
    says: /^rule b is removed$/m,
    level: "both",
    silent: [create(ACL, inJson(jsonRule("a", "Block")))],
  },
  {
    rule: RULE,
    when: "a JSON document can't be read",
    trips: [update(ACL, inJson(JSON_GROUP), { rule_json: "{}" })],
    says: /^rule_json can't be read$/,
    level: "caution",
    silent: [create(ACL, { rule_json: "{}" }), update(ACL, { rule_json: "{}", a: 1 }, { rule_json: "{}", a: 2 })],
  },
  {
    rule: RULE,
    when: "a JSON document is not known yet",
    trips: [update(ACL, inJson(JSON_GROUP), {}, { after_unknown: { rule_json: true } })],
    says: /^can't be assessed before apply: rule_json/,
    level: "caution",
    silent: [create(ACL, {}, { after_unknown: { rule_json: true } })],
  },
  {
    rule: "cuts-requests",
    when: "a JSON document gets a rule that blocks",
    trips: [update(ACL, inJson(JSON_GROUP), inJson(JSON_GROUP, jsonRule("b", "Block")))],
    says: /^rule b is new, and blocks$/,
    silent: [update(ACL, inJson(JSON_GROUP), inJson(JSON_GROUP, jsonRule("b", "Count")))],
  },
  {
    rule: RULE,
    when: "a rule is removed",
    trips: [update(ACL, rules(group("a", "none"), group("b", "none")), rules(group("a", "none")))],
    says: /^rule b is removed$/,
    silent: [update(ACL, rules(group("a", "none")), rules(group("b", "none"), group("a", "none")))],
  },
  {
    rule: RULE,
    when: "all rules are removed",
    trips: [update(ACL, rules(group("a", "none")), rules())],
    says: /^rule a is removed$/,
    silent: [create(ACL, rules())],
  },
  {
    rule: RULE,
    when: "a rule only counts",
    trips: [update(ACL, rules(own("a", "block")), rules(own("a", "count")))],
    says: /^rule a only counts what it blocked before$/,
    silent: [update(ACL, rules(own("a", "block")), rules(own("a", "block")))],
  },
  {
    rule: RULE,
    when: "a group of rules only counts",
    trips: [update(ACL, rules(group("a", "none")), rules(group("a", "count")))],
    says: /^rule a only counts what it blocked before$/,
    silent: [update(ACL, rules(group("a", "none")), rules(group("a", "none")))],
  },
  {
    rule: RULE,
    when: "a limit is raised",
    trips: [update(ACL, rules(limited(2_000)), rules(limited(2_000_000)))],
    says: /^rule rate-limit allows 2000000 requests instead of 2000$/,
    silent: [create(ACL, rules(limited(2_000_000)))],
  },
  {
    rule: RULE,
    when: "a rule changes in another way",
    trips: [update(ACL, rules(limited(2_000)), rules(limited(1_000)))],
    says: /^rule rate-limit changes/,
    level: "caution",
    silent: [update(ACL, { ...rules(limited(1)), tags: {} }, { ...rules(limited(1)), tags: { a: "b" } })],
  },
  {
    rule: RULE,
    when: "requests that match no rule are allowed",
    trips: [update(ACL, fallback("block"), fallback("allow"))],
    says: /^requests that match no rule are allowed now$/,
    silent: [update(ACL, fallback("allow"), fallback("block"))],
  },
  {
    rule: RULE,
    when: "a rule is certainly removed, though another is not known yet",
    trips: [
      update(ACL, rules(group("a", "none"), group("b", "none")), rules(group("a", "none")), {
        after_unknown: { rule: [{ statement: [{ ip_set_reference_statement: [{ arn: true }] }] }] },
      }),
    ],
    says: /^rule b is removed$/,
    silent: [create(ACL, {}, { after_unknown: { rule: true } })],
  },
  {
    rule: RULE,
    when: "the rules are not known yet",
    trips: [update(ACL, rules(group("a", "none")), {}, { after_unknown: { rule: true } })],
    says: /can't be assessed before apply: rule/,
    level: "caution",
    silent: [update(ACL, rules(group("a", "none")), rules(group("a", "none")), { after_unknown: { id: true } })],
  },
  ...[RULE, "cuts-requests"].flatMap((rule) =>
    (["block", "allow"] as const).map((action): Case => ({
      rule,
      when: `what matches no rule is handled in the opposite way, and not when ${action} gets another setting`,
      trips: [
        rule === RULE
          ? update(ACL, fallback("block"), fallback("allow"))
          : update(ACL, fallback("allow"), fallback("block")),
      ],
      says: /^requests that match no rule are/,
      silent: [
        update(ACL, { default_action: [{ [action]: [{ a: 1 }] }] }, { default_action: [{ [action]: [{ a: 2 }] }] }),
      ],
    })),
  ),
  {
    rule: "cuts-requests",
    when: "requests that match no rule are blocked",
    trips: [update(ACL, fallback("allow"), fallback("block"))],
    says: /^requests that match no rule are blocked from now on$/,
    silent: [update(ACL, fallback("block"), fallback("allow"))],
  },
  {
    rule: "cuts-requests",
    when: "a new rule blocks",
    trips: [update(ACL, rules(), rules(own("a", "block")))],
    says: /^rule a is new, and blocks$/,
    silent: [update(ACL, rules(), rules(own("a", "count"))), create(ACL, rules(own("a", "block")), { name: "new" })],
  },
  {
    rule: "cuts-requests",
    when: "a new group of rules blocks",
    trips: [update(ACL, rules(), rules(group("a", "none")))],
    says: /^rule a is new, and blocks$/,
    level: "caution",
    silent: [update(ACL, rules(), rules(group("a", "count")))],
  },
  {
    rule: "cuts-requests",
    when: "a rule blocks what it only counted before",
    trips: [update(ACL, rules(own("a", "count")), rules(own("a", "block")))],
    says: /^rule a blocks what it only counted before$/,
    silent: [
      update(ACL, rules(own("a", "block")), rules(own("a", "count"))),
      update(
        ACL,
        rules(own("b", "count"), own("a", "block")),
        rules(own("b", "count"), own("a", "block", { priority: 2 })),
        { name: "second" },
      ),
    ],
  },
  {
    rule: "cuts-requests",
    when: "a rule lets fewer requests through",
    trips: [update(ACL, rules(limited(2000)), rules(limited(100)))],
    says: /^rule rate-limit allows 100 requests instead of 2000$/,
    level: "caution",
    silent: [update(ACL, rules(limited(100)), rules(limited(2000)))],
  },
];
