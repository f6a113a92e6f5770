import { BlockList, isIP } from "node:net";

/** Shorter prefixes than this are no one's own network: 0.0.0.0/1 twice is the world. */
const WORLD_BITS = { ipv4: 8, ipv6: 16 } as const;
/** Addresses that nobody on the internet has: RFC 1918, RFC 6598, RFC 4193. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

interface Range {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

/** Reads `address/bits`; undefined when it isn't a range but e.g. the id of a group or a list. */
function rangeOf(text: string): Range | undefined {
  const [address = "", bits] = text.split("/");
  const version = isIP(address);
  if (version === 0 || bits === undefined) return undefined;
  return { address, bits: Number(bits), family: version === 4 ? "ipv4" : "ipv6" };
}

/** Whether it is a range of addresses. */
export function isRange(source: string): boolean {
  return rangeOf(source) !== undefined;
}

/** Whether it is the world, or so much of it that it makes no difference. */
export function isWorld(source: string): boolean {
  const range = rangeOf(source);
  return range !== undefined && range.bits < WORLD_BITS[range.family];
}

/** Whether it is a range that can't be reached from the internet. */
export function isPrivate(source: string): boolean {
  return PRIVATE.some((range) => contains(range, source));
}

/** Whether everyone of `narrow` is among `wide`: of ranges those within it, of anything else itself. */
export function contains(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  const [outer, inner] = [rangeOf(wide), rangeOf(narrow)];
  if (!outer || !inner || outer.family !== inner.family || outer.bits > inner.bits) return false;
  const addresses = new BlockList();
  addresses.addSubnet(outer.address, outer.bits, outer.family);
  return addresses.check(inner.address, inner.family);
}
