import { z } from "zod";
import { canonicalIpv6, formatCidr, networkOf, parseCidr, unusable } from "./cidr";
import { list, listOfUnique, object, oneOf, port, text } from "./rules";

/** Largest number of rules: the rules of a security group at the largest quota that AWS grants. */
const MAX_RULES = 1000;
const GROUP = /^sg-([\da-f]{8}|[\da-f]{17})$/;
const PREFIX_LIST = /^pl-([\da-f]{8}|[\da-f]{17})$/;
const PORTS = /^([1-9]\d{0,4})-([1-9]\d{0,4})$/;

/** The destination of an egress rule. */
export type Destination =
  | { readonly kind: "ipv4" | "ipv6"; readonly cidr: string }
  | { readonly kind: "group" | "prefix-list"; readonly id: string };

/** What a destination must be: the error for a text that `destinationOf` can't read. */
const DESTINATION =
  "an IPv4 or IPv6 range (10.20.0.0/16, 2001:db8::/32), or the id of a security group (sg-…) or of a prefix list (pl-…)";

/**
 * Reads `to` of an egress rule.
 * @returns the destination; or what is allowed, when it is not valid
 */
export function destinationOf(to: string): Destination | { readonly allowed: string } {
  if (GROUP.test(to)) return { kind: "group", id: to };
  if (PREFIX_LIST.test(to)) return { kind: "prefix-list", id: to };
  const ipv4 = parseCidr(to);
  if (ipv4) {
    const first = formatCidr(networkOf(ipv4));
    if (first !== to) return { allowed: `the first address of its range: ${first}` };
    const reserved = unusable(ipv4);
    return reserved === undefined
      ? { kind: "ipv4", cidr: to }
      : { allowed: `outside of ${reserved}: no packet is sent there` };
  }
  const ipv6 = canonicalIpv6(to);
  if (ipv6 === undefined) return { allowed: DESTINATION };
  return ipv6 === to ? { kind: "ipv6", cidr: to } : { allowed: `written as AWS writes it: ${ipv6}` };
}

/** First and last port of an egress rule. */
export function portsOf(ports: number | string): { readonly from: number; readonly to: number } {
  const [from = "", to = from] = String(ports).split("-");
  return { from: Number(from), to: Number(to) };
}

const PORT = 'a port, or a range of ports in quotes ("8000-8010")';
const portRange = text(PORT, (value) => {
  if (!PORTS.test(value)) return false;
  const { from, to } = portsOf(value);
  return from < to && to <= 65_535;
});

/** `service.egress` in the configuration. */
export const egressSchema = list(
  object({
    port: z.union([port, portRange], { error: PORT }),
    /** Default: tcp. */
    protocol: oneOf("tcp", "udp").optional(),
    to: z.string({ error: DESTINATION }).superRefine((value, context) => {
      const destination = destinationOf(value);
      if ("allowed" in destination) context.addIssue({ code: "custom", message: destination.allowed });
    }),
  }),
  MAX_RULES,
  "a list of objects of port and to, and protocol where it isn't tcp",
);

/** `service.securityGroupIds` in the configuration. */
export const securityGroupIdsSchema = listOfUnique(
  text("a security group's id such as sg-0123456789abcdef0", (value) => GROUP.test(value)),
  0,
  "a list of security groups",
);

/** An egress rule in the configuration. */
export type Egress = z.infer<typeof egressSchema>[number];

/** The rule that the tasks always have. ECR, CloudWatch Logs and DynamoDB have no fixed addresses. */
export const DEFAULT_EGRESS = { port: 443, protocol: "tcp", to: "0.0.0.0/0" } as const;

/**
 * Id of an egress rule, made of its protocol, ports and destination. AWS refuses a second rule with the same ones
 * (InvalidPermission.Duplicate in https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html).
 */
export function egressId({ port, protocol = "tcp", to }: Egress): string {
  const { from, to: last } = portsOf(port);
  return `${protocol}-${from === last ? from : `${from}-${last}`}-${to.replaceAll(/[./:]/g, "-")}`;
}
