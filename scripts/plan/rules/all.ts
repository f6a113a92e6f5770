import { ADDITION_RULES } from "./additions";
import { ALARM_RULES } from "./alarms";
import { combineAttributeRules } from "./attribute-rules";
import { ATTRIBUTE_RULES } from "./attributes/all";
import { CAPACITY_RULES } from "./capacity";
import { CLOSED_PORT_RULES } from "./closed-ports";
import { COMPOSITE_RULES } from "./composite-alarms";
import { CONTAINER_RULES } from "./containers";
import { GROUP_RULES } from "./deployment-group";
import { DNS_RULES } from "./dns";
import { EXCLUSIVE_RULES } from "./exclusive-resources";
import { FIREWALL_RULES } from "./firewall";
import { HEALTH_CHECK_RULES } from "./health-check";
import { INTERNET_BLOCK_RULES } from "./internet-blocks";
import { LISTENER_RULES } from "./listener";
import { LOSS_RULES } from "./loss";
import { LOST_PERMISSION_RULES } from "./lost-permissions";
import { NETWORK_ACL_RULES } from "./network-acls";
import { OPENED_PORT_RULES } from "./opened-ports";
import { PROTECTION_RULES } from "./protections";
import { PUBLIC_BUCKET_RULES } from "./public-buckets";
import { RETENTION_RULES } from "./retention";
import type { Rule } from "./rule";
import { STRATEGY_RULES } from "./strategy";
import { TABLE_INDEX_RULES } from "./table-indexes";
import { TRAFFIC_RULES } from "./traffic";
import { UNKNOWN_RULES } from "./unknown-changes";
import { PERMISSION_RULES } from "./widened-permissions";

/**
 * Every rule of the review, each id once. A finding ends with the id of its rule: to find the rule, search this folder for the
 * id. Prefixes: `loses-` (a resource, data or a permission is lost), `moves-`, `cuts-`, `blocks-` and `closes-` (traffic), `changes-` (a
 * person should check it), `gate-` (what stops a bad release), `security-`, `adds-` (a new resource affects an existing one).
 */
export const RULES: readonly Rule[] = mergeById([
  ...combineAttributeRules(ATTRIBUTE_RULES),
  ...LOSS_RULES,
  ...TRAFFIC_RULES,
  ...RETENTION_RULES,
  ...ALARM_RULES,
  ...HEALTH_CHECK_RULES,
  ...GROUP_RULES,
  ...STRATEGY_RULES,
  ...OPENED_PORT_RULES,
  ...CLOSED_PORT_RULES,
  ...PERMISSION_RULES,
  ...LISTENER_RULES,
  ...PROTECTION_RULES,
  ...PUBLIC_BUCKET_RULES,
  ...FIREWALL_RULES,
  ...CONTAINER_RULES,
  ...CAPACITY_RULES,
  ...ADDITION_RULES,
  ...EXCLUSIVE_RULES,
  ...INTERNET_BLOCK_RULES,
  ...NETWORK_ACL_RULES,
  ...DNS_RULES,
  ...COMPOSITE_RULES,
  ...LOST_PERMISSION_RULES,
  ...TABLE_INDEX_RULES,
  ...UNKNOWN_RULES,
]);

/**
 * Merges the rules that have the same id into one rule, which runs on each resource type the checks for that type. Gives a rule
 * whose id occurs once as it is. */
export function mergeById(rules: readonly Rule[]): readonly Rule[] {
  const merged = new Map<string, Rule>();
  for (const rule of rules) {
    const other = merged.get(rule.id);
    merged.set(rule.id, other === undefined ? rule : mergeRules(other, rule));
  }
  return [...merged.values()];
}

function mergeRules(one: Rule, other: Rule): Rule {
  const isFor = ({ types }: Rule, type: string) => types === undefined || types.includes(type);
  return {
    id: one.id,
    ...(one.types && other.types && { types: [...new Set([...one.types, ...other.types])] }),
    check: (change, context) =>
      [one, other].filter((rule) => isFor(rule, change.type)).flatMap(({ check }) => check(change, context)),
  };
}
