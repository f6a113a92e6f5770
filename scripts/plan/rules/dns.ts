import { valueBefore, type Change } from "../change";
import { isNothing, stringsOf, textOf, valueAt, type Json } from "../json-values";
import { caution, compare, danger, isAddedToExisting, same, type Rule } from "./rule";

const RECORD = ["aws_route53_record"];
const WEIGHT = ["weighted_routing_policy", 0, "weight"] as const;
/** Routing policies, by which Route 53 chooses among records with the same name. */
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
    compare(change, WEIGHT, (before, after) => {
      if (typeof before !== "number" || typeof after !== "number") {
        return danger("its weight is added or removed: it gets another share of the traffic");
      }
      if (after === 0) return danger(`its weight goes from ${before} to 0: it gets no traffic any more`);
      const says = `its weight goes from ${before} to ${after}: it gets another share of the traffic`;
      return after * 2 <= before || before === 0 ? danger(says) : caution(says);
    }),
};

/** A new record with the same name as existing ones, or one that overwrites a record that Terraform doesn't manage. */
const addsRecord: Rule = {
  id: "adds-dns-record",
  types: RECORD,
  check: (change, { changes }) => {
    if (change.kind !== "create") return [];
    const overwrites = valueAt(change.after, ["allow_overwrite"]) === true;
    const over = overwrites ? caution("it overwrites an existing record, if there is one") : [];
    const policy = POLICIES.find((name) => !isNothing(valueAt(change.after, [name])));
    // A record with the weight 0 gets no traffic while another record of the name has more
    // (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html).
    if (policy === undefined || valueAt(change.after, WEIGHT) === 0) return over;
    return changes.some((one) => isSameRecord(one, change))
      ? [...over, ...danger(`it takes a share of the traffic of ${textOf(valueAt(change.after, ["name"]))}`)]
      : over;
  },
};

/** Types of records that clients resolve to reach a service. */
const ADDRESSES = ["A", "AAAA", "CNAME", "HTTPS"];
/** Certificate authorities that issue ACM's certificates (https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html). */
const AMAZON = /\b(?:amazon|amazontrust|awstrust|amazonaws)\.com\b/;

/** A new record of another type, or with a more specific name, that clients get instead of an existing record. */
const overridesName: Rule = {
  id: "adds-dns-name",
  types: RECORD,
  check: (change, { changes }) => {
    if (!isAddedToExisting(change, "zone_id")) return [];
    const zone = valueAt(change.after, ["zone_id"]);
    const [name, type] = [nameIn(change.after), textOf(valueAt(change.after, ["type"]))];
    const others = changes.filter((one) => one.type === change.type && same(valueBefore(one, ["zone_id"]), zone));
    const exists = (test: (other: string, kind: string, one: Change) => boolean) =>
      others.some((one) => test(nameIn(one.before), textOf(valueBefore(one, ["type"])), one));
    if (type === "NS") {
      return exists((other, kind) => kind !== "NS" && kind !== "SOA" && (other === name || other.endsWith(`.${name}`)))
        ? danger(`other name servers answer for ${name} and all names below it: the records here are no longer used`)
        : [];
    }
    if (type === "CAA") {
      return stringsOf(valueAt(change.after, ["records"])).some((record) => AMAZON.test(record))
        ? []
        : caution(`Amazon can't issue or renew a certificate for ${name}, unless a more specific CAA record allows it`);
    }
    if (!ADDRESSES.includes(type)) return [];
    if (
      exists(
        (other, kind, one) => other === name && kind !== type && ADDRESSES.includes(kind) && !sameTarget(one, change),
      )
    ) {
      return caution(`clients that resolve ${name} by ${type} get this record from now on, and not the existing one`);
    }
    const wildcard = `*.${name.split(".").slice(1).join(".")}`;
    return exists((other) => other === wildcard) && !exists((other) => other === name)
      ? caution(`${name} no longer resolves as ${wildcard} does`)
      : [];
  },
};

/** A record's name without the dot at its end; Route 53 returns a `*` as `\\052`. */
function nameIn(side: Json): string {
  return textOf(valueAt(side, ["name"]))
    .toLowerCase()
    .replace(/\.$/, "")
    .replace("\\052", "*");
}

/** Whether both are aliases of the same target: the new one only adds another type of address. */
function sameTarget(one: Change, other: Change): boolean {
  const target = valueAt(other.after, ["alias", 0, "name"]);
  return target !== undefined && same(valueBefore(one, ["alias", 0, "name"]), target);
}

/** Whether an existing record has the name, zone and type of a new one. */
function isSameRecord(one: Change, other: Change): boolean {
  return ["name", "zone_id", "type"].every((name) => same(valueBefore(one, [name]), valueAt(other.after, [name])));
}

/** Rules about DNS records that redirect traffic. */
export const DNS_RULES: readonly Rule[] = [weight, addsRecord, overridesName];
