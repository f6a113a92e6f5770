import { textOf, UNKNOWN, valueAfter, valueAt, valueBefore, type Change, type Json } from "../change";
import { caution, compare, danger, isComparable, same, type Rule } from "./rule";

const RECORD = ["aws_route53_record"];
const WEIGHT = ["weighted_routing_policy", 0, "weight"] as const;
/** How Route 53 chooses among records of one name. */
const POLICIES = [
  "weighted_routing_policy",
  "failover_routing_policy",
  "latency_routing_policy",
  "geolocation_routing_policy",
  "geoproximity_routing_policy",
  "cidr_routing_policy",
  "multivalue_answer_routing_policy",
];

const weight: Rule = {
  id: "moves-dns-share",
  types: RECORD,
  check: (change) =>
    isComparable(change)
      ? compare(change, WEIGHT, (before, after) => {
          if (typeof before !== "number" || typeof after !== "number") {
            return danger("its weight comes or goes: another share of those who ask is led here");
          }
          if (after === 0) return danger(`its weight goes from ${before} to 0: nobody is led here any more`);
          const says = `its weight goes from ${before} to ${after}: another share of those who ask is led here`;
          return after * 2 <= before || before === 0 ? danger(says) : caution(says);
        })
      : [],
};

/** A new record beside those of the same name, or over one that Terraform doesn't know. */
const beside: Rule = {
  id: "beside-dns-record",
  types: RECORD,
  check: (change, { changes }) => {
    if (change.kind !== "create") return [];
    const overwrites = valueAt(change.after, ["allow_overwrite"]) === true;
    const over = overwrites ? caution("a record that is there already, if there is one, is written over") : [];
    const policy = POLICIES.find((name) => isSet(valueAt(change.after, [name])));
    // A weight of 0 is answered to nobody as long as another record of the name has more.
    if (policy === undefined || valueAfter(change, WEIGHT) === 0) return over;
    const other = changes.find((one) => one.type === change.type && one.kind !== "create" && sameName(one, change));
    return other === undefined
      ? over
      : [
          ...over,
          ...danger(`some of those who ask for ${textOf(valueAt(change.after, ["name"]))} are led here from now on`),
        ];
  },
};

function sameName(one: Change, other: Change): boolean {
  return ["name", "zone_id", "type"].every((attribute) => {
    const after = valueAfter(other, [attribute]);
    return after !== UNKNOWN && same(valueBefore(one, [attribute]), after);
  });
}

function isSet(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value === true;
}

/** Names that lead elsewhere for some. */
export const DNS_RULES: readonly Rule[] = [weight, beside];
