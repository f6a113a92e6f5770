import { isIPv6 } from "node:net";

/** An IPv4 range: its first address as a number, and the length of its prefix in bits. */
export interface Cidr {
  readonly address: number;
  readonly bits: number;
}

/** No leading zeros: some programs read such numbers as octal. */
const NUMBER = "(0|[1-9]\\d{0,2})";
const RANGE = new RegExp(`^${Array.from({ length: 4 }, () => NUMBER).join("\\.")}/${NUMBER}$`);

/** A VPC's range is divided into 2^3 parts. Six are for a public and a private subnet in each of three zones. */
const SLOT_BITS = 3;

/**
 * Prefix lengths of the VPCs that we create. AWS accepts /16 to /28
 * (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html). A load balancer needs subnets of /27 or larger
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html), so we allow /24 at most.
 */
export const VPC_BITS = { min: 16, max: 24 } as const;

/**
 * Reads `a.b.c.d/n`.
 * @returns undefined when the text is not an IPv4 range
 */
export function parseCidr(value: string): Cidr | undefined {
  const match = RANGE.exec(value);
  if (!match) return undefined;
  const parts = match.slice(1).map(Number);
  const bits = parts.pop() ?? 0;
  if (bits > 32 || parts.some((part) => part > 255)) return undefined;
  return { address: parts.reduce((sum, part) => sum * 256 + part, 0), bits };
}

/** The range as `a.b.c.d/n`. */
export function formatCidr({ address, bits }: Cidr): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".")}/${bits}`;
}

/** The same range, written with its first address: the host bits are zero. */
export function networkOf({ address, bits }: Cidr): Cidr {
  const size = 2 ** (32 - bits);
  return { address: Math.floor(address / size) * size, bits };
}

/** Whether all of `inner` is part of `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.bits >= outer.bits && networkOf({ ...inner, bits: outer.bits }).address === networkOf(outer).address;
}

/**
 * Ranges that no VPC can have and no client sends from, with their purpose in RFC 6890 and RFC 5771
 * (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html).
 */
const UNUSABLE: readonly (readonly [range: string, purpose: string])[] = [
  ["0.0.0.0/8", "this host"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["224.0.0.0/4", "multicast"],
];

/** Why a range can't be used, such as `127.0.0.0/8 (loopback)`; undefined when it can. */
export function unusable(cidr: Cidr): string | undefined {
  const [found] = UNUSABLE.filter(([range]) => contains(rangeOf(range), cidr));
  return found && `${found[0]} (${found[1]})`;
}

/** Whether the range is for private networks (RFC 1918) or is shared address space (RFC 6598). */
export function isPrivate(cidr: Cidr): boolean {
  return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].some((range) =>
    contains(rangeOf(range), cidr),
  );
}

/**
 * Reads a range that is known to be valid.
 * @throws Error when it is not an IPv4 range
 */
export function rangeOf(text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr) throw new Error(`${text} is not an IPv4 range; write one such as 10.0.0.0/16`);
  return cidr;
}

/**
 * An IPv6 range as AWS writes it: in the shortest form, with its first address, such as `2001:db8::/32`.
 * @returns undefined when the text is not an IPv6 range
 */
export function canonicalIpv6(text: string): string | undefined {
  const [, address = "", prefix = ""] = /^([\da-fA-F:]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const bits = Number(prefix);
  if (!isIPv6(address) || prefix === "" || bits > 128) return undefined;
  const host = BigInt(128 - bits);
  const first = (numberOf(address) >> host) << host;
  const groups = Array.from({ length: 8 }, (_, index) => ((first >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return `${shortened(groups.join(":"))}/${bits}`;
}

function numberOf(ipv6: string): bigint {
  const [before = "", after] = ipv6.split("::");
  const groups = (half: string) => (half === "" ? [] : half.split(":"));
  const [head, tail] = [groups(before), groups(after ?? "")];
  const all =
    after === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
  return all.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

/** The shortest form (RFC 5952), which URLs use too. */
function shortened(ipv6: string): string {
  return new URL(`http://[${ipv6}]`).hostname.slice(1, -1);
}

/**
 * Ranges of the subnets: one public and one private subnet for each zone, each an eighth of the VPC's range. The ranges of a
 * zone don't depend on the number of zones, so a third zone can be added without changing the first two.
 */
export function subnetRanges(vpc: Cidr, zones: number): { readonly public: string[]; readonly private: string[] } {
  const bits = vpc.bits + SLOT_BITS;
  const part = (index: number) => formatCidr({ address: vpc.address + index * 2 ** (32 - bits), bits });
  const range = (first: number) => Array.from({ length: zones }, (_, zone) => part(first + zone));
  return { public: range(0), private: range(4) };
}
