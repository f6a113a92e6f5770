import { UNKNOWN, valueAfter, type Change } from "../change";
import { isRecord, leavesOf, recordsIn, stringsOf, textOf, valueAt, type Json, type JsonRecord } from "../json-values";
import { contains, isWorld, includesPorts, type Ports } from "./ranges";
import {
  caution,
  danger,
  isAddedToExisting,
  isComparable,
  unknownUntilApply,
  type Assessment,
  type Rule,
} from "./rule";
import { protocolNamed } from "./security-groups";

const ACLS = ["aws_network_acl", "aws_default_network_acl"];
const ACL_RULE = "aws_network_acl_rule";

/** One numbered rule of a network ACL. */
interface Entry extends Ports {
  /** Entries with a lower number are evaluated first. */
  readonly number: number;
  readonly allows: boolean;
  readonly cidr: string;
}

const acl: Rule = {
  id: "closes-subnet",
  types: [...ACLS, ACL_RULE, "aws_network_acl_association"],
  check: (change) => {
    if (change.type === "aws_network_acl_association") {
      return change.after === null ? [] : caution("another network ACL decides what reaches the subnet");
    }
    return change.type === ACL_RULE ? assessRule(change) : assessAcl(change);
  },
};

function assessRule(change: Change): readonly Assessment[] {
  if (valueAfter(change, ["rule_action"]) === UNKNOWN) return unknownUntilApply("rule_action");
  const [before, after] = [change.before, change.after].map((side) => (isRecord(side) ? entryOf(side) : undefined));
  if (after?.allows === false && !(before && denies(before, after))) return danger(`${inWords(after)} is denied`);
  // A forgotten rule stays. One that is replaced is missing for a moment.
  if (before === undefined || change.kind === "forget") return [];
  if (!before.allows) {
    return after?.allows === false && covers(after, before) ? [] : caution(`${inWords(before)} is no longer denied`);
  }
  return change.kind === "update" && covers(after ?? before, before)
    ? []
    : danger(`${inWords(before)} is no longer allowed`);
}

function assessAcl(change: Change): readonly Assessment[] {
  const directions = ["ingress", "egress"] as const;
  const subnets = stringsOf(valueAt(change.after, ["subnet_ids"]));
  const joined = subnets.filter((id) => !stringsOf(valueAt(change.before, ["subnet_ids"])).includes(id));
  return directions.flatMap((direction): readonly Assessment[] => {
    if (valueAfter(change, [direction]) === UNKNOWN && change.kind !== "create") return unknownUntilApply(direction);
    const [before, after] = [entriesIn(change.before, direction), entriesIn(change.after, direction)];
    if (joined.length > 0 && !allowsAll(after)) {
      return danger(`${joined.join(", ")}: ${direction} that none of its rules allows is denied from now on`);
    }
    // Terraform removes all rules of the default ACL of a VPC and adds those listed here
    // (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_network_acl).
    if (isAddedToExisting(change, "default_network_acl_id") && !allowsAll(after)) {
      return danger(
        `every subnet without an ACL of its own: ${direction} that none of its rules allows is denied from now on`,
      );
    }
    if (!isComparable(change)) return [];
    const denied = after.filter((entry) => !entry.allows && !before.some((old) => denies(old, entry)));
    const lost = before.filter((entry) => entry.allows && !after.some((now) => now.allows && covers(now, entry)));
    return [
      ...denied.flatMap((entry) => danger(`${direction} of ${inWords(entry)} is denied`)),
      ...lost.flatMap((entry) => danger(`${direction} of ${inWords(entry)} is no longer allowed`)),
    ];
  });
}

function entriesIn(side: Json, direction: string): readonly Entry[] {
  return recordsIn(valueAt(side, [direction])).map(entryOf);
}

function entryOf(entry: JsonRecord): Entry {
  const protocol = protocolNamed(leavesOf(entry["protocol"]).join("") || "-1");
  const isEvery = protocol === "-1";
  return {
    number: Number(entry["rule_no"] ?? entry["rule_number"]),
    allows: textOf(entry["action"] ?? entry["rule_action"]).toLowerCase() === "allow",
    cidr: textOf(entry["cidr_block"]) || textOf(entry["ipv6_cidr_block"]),
    protocol,
    from: isEvery ? 0 : Number(entry["from_port"] ?? 0),
    to: isEvery ? 65_535 : Number(entry["to_port"] ?? 65_535),
  };
}

/** Whether the first rule allows all IPv4 traffic. */
function allowsAll(entries: readonly Entry[]): boolean {
  const [first] = [...entries].sort((one, other) => one.number - other.number);
  return first?.allows === true && first.protocol === "-1" && isWorld(first.cidr);
}

function covers(wide: Entry, narrow: Entry): boolean {
  return contains(wide.cidr, narrow.cidr) && includesPorts(wide, narrow);
}

/** Whether an old entry denies what a new one denies, and no later. */
function denies(old: Entry, entry: Entry): boolean {
  return !old.allows && covers(old, entry) && old.number <= entry.number;
}

function inWords({ cidr, protocol, from, to }: Entry): string {
  const ports = from === to ? `port ${from}` : `ports ${from} to ${to}`;
  return `${cidr}, ${protocol === "-1" ? "every protocol" : `protocol ${protocol}, ${ports}`}`;
}

/** Rules about network ACLs that allow less. */
export const NETWORK_ACL_RULES: readonly Rule[] = [acl];
