import { BlockList, isIP } from "node:net";

/** Ranges with a shorter prefix than this count as the whole internet: 0.0.0.0/1 and 128.0.0.0/1 together are all of it. */
const WORLD_BITS = { ipv4: 8, ipv6: 16 } as const;
/** Addresses that are not routed on the internet: RFC 1918, RFC 6598, RFC 4193. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

interface Range {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

/** Parses `address/bits`; undefined for any other text, e.g. the id of a security group. */
function rangeOf(text: string): Range | undefined {
  const [address = "", bits] = text.split("/");
  const version = isIP(address);
  if (version === 0 || bits === undefined) return undefined;
  return { address, bits: Number(bits), family: version === 4 ? "ipv4" : "ipv6" };
}

/** Whether a text is a range of addresses. */
export function isRange(source: string): boolean {
  return rangeOf(source) !== undefined;
}

/** Whether a range is the whole internet, or a large part of it. */
export function isWorld(source: string): boolean {
  const range = rangeOf(source);
  return range !== undefined && range.bits < WORLD_BITS[range.family];
}

/** Whether a range is private: it can't be reached from the internet. */
export function isPrivate(source: string): boolean {
  return PRIVATE.some((range) => contains(range, source));
}

/** Whether the range `wide` contains the range `narrow`; anything else than a range only contains itself. */
export function contains(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  const [outer, inner] = [rangeOf(wide), rangeOf(narrow)];
  if (!outer || !inner || outer.family !== inner.family || outer.bits > inner.bits) return false;
  const addresses = new BlockList();
  addresses.addSubnet(outer.address, outer.bits, outer.family);
  return addresses.check(inner.address, inner.family);
}

/** A protocol and a range of its ports. */
export interface Ports {
  /** `tcp`, `udp` …, or a number; `-1` for every protocol. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

/** Whether `wide` includes the protocol and the ports of `narrow`. */
export function includesPorts(wide: Ports, narrow: Ports): boolean {
  return (
    (wide.protocol === "-1" || wide.protocol === narrow.protocol) && wide.from <= narrow.from && wide.to >= narrow.to
  );
}
