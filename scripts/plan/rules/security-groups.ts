import { UNKNOWN, valueAfter, type Change } from "../change";
import { hasTrue, isRecord, maskAt, recordsIn, stringsOf, valueAt, type Json } from "../json-values";
import { contains, isRange, includesPorts, type Ports } from "./ranges";
import { isLess, type RuleContext } from "./rule";

/** The direction of traffic, as seen from the members of the group. */
export type Direction = "ingress" | "egress";

/** Traffic that a security group allows. */
export interface Opening extends Ports {
  /** IPv4 or IPv6 range, or the id of a security group or prefix list. For egress, the destination. */
  readonly source: string;
}

/** What one side of a change allows. */
export interface Openings {
  readonly known: readonly Opening[];
  /** Attributes that are only known after apply, and might allow more. */
  readonly unknown: readonly string[];
}

const GROUP_TYPES = ["aws_security_group", "aws_default_security_group"];
/** Resource types of security groups and their rules. */
export const SECURITY_GROUP_TYPES = [
  ...GROUP_TYPES,
  "aws_security_group_rule",
  "aws_vpc_security_group_ingress_rule",
  "aws_vpc_security_group_egress_rule",
];

const RANGES = ["cidr_ipv4", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks", "prefix_list_id", "prefix_list_ids"];
const GROUPS = ["referenced_security_group_id", "source_security_group_id", "security_groups"];
const PORTS = ["ip_protocol", "protocol", "from_port", "to_port"];
/** Names of protocols, which AWS also accepts by number. */
const PROTOCOLS: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", all: "-1" };
const ALL_PORTS = { from: 0, to: 65_535 };
/** Stands for a group that the same plan creates: it has no id yet. */
const NEW_GROUP = "a group that this plan creates";

/** What a side of a change allows in one direction. */
export function openingsOf(change: Change, side: "before" | "after", direction: Direction): Openings {
  const mask = side === "after" ? change.afterUnknown : false;
  const found = rulesOf(change.type, change[side], mask, direction).map(({ rule, mask }) => openingsIn(rule, mask));
  const isWhollyUnknown = GROUP_TYPES.includes(change.type) && maskAt(mask, direction) === true;
  return {
    known: found.flatMap(({ known }) => known),
    unknown: [...(isWhollyUnknown ? [direction] : []), ...found.flatMap(({ unknown }) => unknown)],
  };
}

function rulesOf(type: string, values: Json, mask: Json, direction: Direction) {
  if (GROUP_TYPES.includes(type)) {
    return recordsIn(valueAt(values, [direction])).map((rule, index) => ({
      rule,
      mask: maskAt(maskAt(mask, direction), index),
    }));
  }
  const own = type === "aws_security_group_rule" ? valueAt(values, ["type"]) : type.split("_").at(-2);
  return [{ rule: own === direction ? values : null, mask }];
}

function openingsIn(rule: Json, mask: Json): Openings {
  if (!isRecord(rule)) return { known: [], unknown: [] };
  const isUnknown = (name: string) => hasTrue(maskAt(mask, name));
  const unknown = [...PORTS, ...RANGES].filter(isUnknown);
  if (PORTS.some(isUnknown)) return { known: [], unknown };
  const [named = "-1"] = stringsOf(rule["ip_protocol"] ?? rule["protocol"]);
  const protocol = protocolNamed(named);
  const [from, to] = [rule["from_port"], rule["to_port"]];
  const ports = protocol !== "-1" && isLess(-1, from) ? { from: Number(from), to: Number(to) } : ALL_PORTS;
  const sources = [
    ...[...RANGES, ...GROUPS].flatMap((name) => stringsOf(rule[name])).filter((source) => source !== ""),
    ...(GROUPS.some(isUnknown) ? [NEW_GROUP] : []),
    ...(rule["self"] === true ? ["the group itself"] : []),
  ];
  return { known: sources.map((source) => ({ source, protocol, ...ports })), unknown };
}

/** The name of a protocol that is given by its name or its number; -1 for all. */
export function protocolNamed(nameOrNumber: string): string {
  return PROTOCOLS[nameOrNumber] ?? nameOrNumber;
}

/** The openings that no other opening covers. */
export function notCoveredBy(openings: readonly Opening[], others: readonly Opening[]): readonly Opening[] {
  return openings.filter((opening) => !others.some((other) => covers(other, opening)));
}

function covers(wide: Opening, narrow: Opening): boolean {
  return contains(wide.source, narrow.source) && includesPorts(wide, narrow);
}

/** Whether TCP traffic to a port is allowed. */
export function allowsPort({ protocol, from, to }: Opening, port: number): boolean {
  return (protocol === "-1" || protocol === "tcp") && from <= port && to >= port;
}

/** Whether the source is a range or a prefix list, and not a security group. */
export function isAddressRange({ source }: Opening): boolean {
  return isRange(source) || source.startsWith("pl-");
}

/** e.g. `port 80`, `the range of ports from 80 to 90`, `every port` */
export function portsInWords({ protocol, from, to }: Opening): string {
  if (protocol.startsWith("icmp")) return "ICMP";
  if (from === ALL_PORTS.from && to === ALL_PORTS.to) return "every port";
  return from === to ? `port ${from}` : `the range of ports from ${from} to ${to}`;
}

/** Whether the plan creates the group, so that it protects nothing yet. A replaced group protects what the old one protected. */
export function isNewGroup(change: Change, { changes }: RuleContext): boolean {
  if (change.kind !== "create") return false;
  if (change.type === "aws_security_group") return true;
  const replaced = changes.some(({ type, kind }) => type === "aws_security_group" && kind === "replace");
  return valueAfter(change, ["security_group_id"]) === UNKNOWN && !replaced;
}
