import { integer, object } from "./rules";

/**
 * `quotas` in the configuration: the account's quotas, when AWS has raised them. The checks refuse what exceeds a quota before
 * Terraform creates a part of it. Sources: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html ("Security
 * groups"), https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
 */
export const quotasSchema = object({
  /** Rules of a security group. Each direction, and each of IPv4 and IPv6, counts separately. */
  rulesPerSecurityGroup: integer(60, 1000),
  /** Security groups of a network interface. Multiplied by the rules of a group, it is 1000 at most. */
  securityGroupsPerInterface: integer(5, 16),
  /** Managed policies of a role. */
  policiesPerRole: integer(10, 25),
});
