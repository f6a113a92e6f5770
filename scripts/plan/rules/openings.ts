import { parseCidr } from "../../../stacks/config/cidr";
import { isMasked, isRecord, isSensitive, stringsOf, UNKNOWN, valueAfter, type Change, type Json } from "../change";
import { cannotTell, caution, danger, type Opinion, type Rule, type Surroundings } from "./rule";

/** Who may come in, and to which ports. */
export interface Opening {
  /** IPv4 or IPv6 range, or the id of a group or list. */
  readonly source: string;
  readonly from: number;
  readonly to: number;
}

/** Shorter prefixes than this are no one's own network: 0.0.0.0/1 twice is the world. */
const WORLD_BITS = { ipv4: 8, ipv6: 16 };
const ALL_PORTS = { from: 0, to: 65_535 };

/** The openings that one side of a security group, or of a rule of one, makes. */
export function openingsOf(type: string, side: Json): readonly Opening[] {
  if (!isRecord(side)) return [];
  if (type === "aws_security_group") {
    const rules: readonly Json[] = Array.isArray(side["ingress"]) ? side["ingress"] : [];
    return rules.flatMap((rule) => openingsIn(rule));
  }
  if (type === "aws_security_group_rule" && side["type"] !== "ingress") return [];
  return openingsIn(side);
}

const SOURCES = [
  "cidr_ipv4",
  "cidr_ipv6",
  "cidr_blocks",
  "ipv6_cidr_blocks",
  "prefix_list_id",
  "prefix_list_ids",
  "referenced_security_group_id",
  "source_security_group_id",
  "security_groups",
];

function openingsIn(rule: Json): readonly Opening[] {
  if (!isRecord(rule)) return [];
  const protocol = rule["ip_protocol"] ?? rule["protocol"];
  const [from, to] = [rule["from_port"], rule["to_port"]];
  const ports =
    protocol === "-1" || typeof from !== "number" || typeof to !== "number" || from < 0 ? ALL_PORTS : { from, to };
  return SOURCES.flatMap((name) => stringsOf(rule[name]))
    .filter((source) => source !== "")
    .map((source) => ({ source, ...ports }));
}

/** Whether it is the world, or so much of it that it makes no difference. */
export function isWorld(source: string): boolean {
  const bits = Number(source.split("/")[1] ?? "128");
  return bits < (source.includes(":") ? WORLD_BITS.ipv6 : source.includes(".") ? WORLD_BITS.ipv4 : 0);
}

/** Whether everyone of `narrow` is among `wide`. */
export function contains(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (wide === "::/0") return narrow.includes(":");
  const [outer, inner] = [parseCidr(wide), parseCidr(narrow)];
  if (!outer || !inner || outer.bits > inner.bits) return false;
  const size = 2 ** (32 - outer.bits);
  return Math.floor(outer.address / size) === Math.floor(inner.address / size);
}

/** What `after` opens and `before` didn't. */
export function newOpenings(before: readonly Opening[], after: readonly Opening[]): readonly Opening[] {
  return after.filter(
    (opening) =>
      !before.some((old) => contains(old.source, opening.source) && old.from <= opening.from && old.to >= opening.to),
  );
}

function judge(
  opening: Opening,
  before: readonly Opening[],
  change: Change,
  { testPort }: Surroundings,
): readonly Opinion[] {
  const ports = opening.from === opening.to ? `port ${opening.from}` : `ports ${opening.from} to ${opening.to}`;
  const hidden = SOURCES.some((name) => isSensitive(change, [name]));
  const say = (source: string) => (hidden ? "(sensitive)" : source);
  const toTestListener = testPort !== undefined && opening.from <= testPort && opening.to >= testPort;
  if (isWorld(opening.source)) {
    if (toTestListener) {
      return danger(
        `${ports} is opened to ${say(opening.source)}, the world: versions not yet released are reached there`,
      );
    }
    // A group that is made in the same plan guards nothing yet: that is how the service gets its front door.
    return (isNewGroup(change) ? caution : danger)(`${ports} is opened to ${say(opening.source)}, the world`);
  }
  if (isNewGroup(change)) return [];
  if (toTestListener && parseCidr(opening.source)) {
    return danger(`${ports} is opened to ${say(opening.source)}: versions not yet released are reached there`);
  }
  const wider = before.find((old) => opening.source !== old.source && contains(opening.source, old.source));
  return wider === undefined
    ? caution(`${ports} is opened to ${say(opening.source)}`)
    : danger(`${ports} is opened wider: to ${say(opening.source)} instead of ${say(wider.source)}`);
}

function isNewGroup(change: Change): boolean {
  if (change.kind !== "create") return false;
  return change.type === "aws_security_group" || valueAfter(change, ["security_group_id"]) === UNKNOWN;
}

const opened: Rule = {
  id: "door-opened",
  types: ["aws_vpc_security_group_ingress_rule", "aws_security_group_rule", "aws_security_group"],
  check: (change, surroundings) => {
    if (change.kind !== "create" && change.kind !== "update" && change.kind !== "replace") return [];
    // Groups that have their rules as resources of their own know what was let in only after apply.
    if (change.kind === "create" && isMasked(change.afterUnknown, ["ingress"])) return [];
    // Which group of ours may come in needs no id to be judged.
    const unknown = [...SOURCES, "ingress"].find((name) => valueAfter(change, [name]) === UNKNOWN);
    if (unknown !== undefined && !unknown.includes("security_group")) return cannotTell(unknown);
    const before = openingsOf(change.type, change.before);
    return newOpenings(before, openingsOf(change.type, change.after)).flatMap((opening) =>
      judge(opening, before, change, surroundings),
    );
  },
};

/** Security groups opened. */
export const OPENING_RULES: readonly Rule[] = [opened];
