import { stringsOf, textOf, UNKNOWN, valueAfter, valueAt, valueBefore, type Change, type Json } from "../change";
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
const addsRecord: Rule = {
  id: "adds-dns-record",
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

/** Where a name is looked up among many: the one with a `*` answers for those that nothing else answers for. */
const ADDRESSES = ["A", "AAAA", "CNAME", "HTTPS"];
/** Authorities of which ACM's certificates come (https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html). */
const AMAZON = /\b(?:amazon|amazontrust|awstrust|amazonaws)\.com\b/;

/** A new record of another type, or of a narrower name, that takes askers from a record that stays. */
const overridesName: Rule = {
  id: "adds-dns-name",
  types: RECORD,
  check: (change, { changes }) => {
    const zone = valueAfter(change, ["zone_id"]);
    if (change.kind !== "create" || zone === UNKNOWN) return [];
    const [name, type] = [nameIn(change.after), textOf(valueAt(change.after, ["type"]))];
    const others = changes.filter(
      (one) => one.type === change.type && one.kind !== "create" && same(valueBefore(one, ["zone_id"]), zone),
    );
    const stay = (test: (other: string, kind: string, one: Change) => boolean) =>
      others.some((one) => test(nameIn(one.before), textOf(valueBefore(one, ["type"])), one));
    if (type === "NS") {
      return stay((other, kind) => kind !== "NS" && kind !== "SOA" && (other === name || other.endsWith(`.${name}`)))
        ? danger(`other name servers answer for ${name} and all below it: the records that are here count no more`)
        : [];
    }
    if (type === "CAA") {
      return stringsOf(valueAt(change.after, ["records"])).some((record) => AMAZON.test(record))
        ? []
        : caution(`Amazon may issue or renew no certificate for ${name}, unless a narrower CAA record lets it`);
    }
    if (!ADDRESSES.includes(type)) return [];
    if (
      stay(
        (other, kind, one) => other === name && kind !== type && ADDRESSES.includes(kind) && !sameTarget(one, change),
      )
    ) {
      return caution(`who asks for ${name} by ${type} is led here from now on, and not by what is there already`);
    }
    const wildcard = `*.${name.split(".").slice(1).join(".")}`;
    return name !== wildcard && stay((other) => other === wildcard) && !stay((other) => other === name)
      ? caution(`${name} no longer leads where ${wildcard} does`)
      : [];
  },
};

/** Without the dot at its end, and as Route 53 gives back a `*`. */
function nameIn(side: Json): string {
  return textOf(valueAt(side, ["name"]))
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^\\052/, "*");
}

/** Whether both lead to the same by an alias: an address more of the same thing. */
function sameTarget(one: Change, other: Change): boolean {
  const target = valueAt(other.after, ["alias", 0, "name"]);
  return target !== undefined && target !== null && same(valueBefore(one, ["alias", 0, "name"]), target);
}

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
export const DNS_RULES: readonly Rule[] = [weight, addsRecord, overridesName];
