/** An IPv4 range: its first address as a number, and the length of its prefix in bits. */
interface Cidr {
  readonly address: number;
  readonly bits: number;
}

/** Without leading zeros, which some read as octal: one range has one spelling. */
const NUMBER = "(0|[1-9]\\d{0,2})";
const RANGE = new RegExp(`^${Array.from({ length: 4 }, () => NUMBER).join("\\.")}/${NUMBER}$`);

/** The slots that a VPC's range is cut into: room for three zones, public and private, and as much again beside. */
const SLOT_BITS = 3;

/** Largest and smallest VPC, in prefix bits: AWS takes /16 to /28; below /24 an eighth is under the /27 an ALB needs. */
export const VPC_BITS = { min: 16, max: 24 } as const;

/**
 * Reads `a.b.c.d/n`.
 * @returns undefined when it isn't one
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

/** The range that `cidr` lies in, with its host bits cleared. */
export function networkOf({ address, bits }: Cidr): Cidr {
  const size = 2 ** (32 - bits);
  return { address: Math.floor(address / size) * size, bits };
}

/**
 * Ranges of the subnets: one public and one private a zone, each an eighth of the VPC's range. A zone's ranges don't
 * depend on how many zones there are, so that a third can be added without moving the first two.
 */
export function subnetRanges(vpc: Cidr, zones: number): { readonly public: string[]; readonly private: string[] } {
  const bits = vpc.bits + SLOT_BITS;
  const slot = (index: number) => formatCidr({ address: vpc.address + index * 2 ** (32 - bits), bits });
  const range = (first: number) => Array.from({ length: zones }, (_, zone) => slot(first + zone));
  return { public: range(0), private: range(4) };
}
