import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import type { Construct } from "constructs";
import { destinationOf, portsOf, type Egress } from "../config/egress-schema";

/**
 * Creates an egress rule of a security group.
 * @throws Error when the rule's destination is not valid
 */
export function egressRule(
  scope: Construct,
  id: string,
  props: { readonly securityGroupId: string; readonly description: string; readonly rule: Egress },
): VpcSecurityGroupEgressRule {
  const { securityGroupId, description, rule } = props;
  const destination = destinationOf(rule.to);
  if (!("kind" in destination)) throw new Error(`egress to ${rule.to}: must be ${destination.allowed}`);
  const ports = portsOf(rule.port);
  return new VpcSecurityGroupEgressRule(scope, id, {
    securityGroupId,
    description,
    ...(destination.kind === "ipv4" && { cidrIpv4: destination.cidr }),
    ...(destination.kind === "ipv6" && { cidrIpv6: destination.cidr }),
    ...(destination.kind === "group" && { referencedSecurityGroupId: destination.id }),
    ...(destination.kind === "prefix-list" && { prefixListId: destination.id }),
    ipProtocol: rule.protocol ?? "tcp",
    fromPort: ports.from,
    toPort: ports.to,
  });
}
