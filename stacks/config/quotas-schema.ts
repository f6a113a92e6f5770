import { integer, object } from "./rules";

/**
 * `quotas` in the configuration: what AWS lets the account have, where it is more than everybody has. What is beyond a quota
 * is refused before Terraform makes the half of it. Sources: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 * ("Security groups"), https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
 */
export const quotasSchema = object({
  /** Rules of a security group, counted for each direction, and for IPv4 and IPv6 apart. */
  rulesPerSecurityGroup: integer(60, 1000),
  /** Security groups of a network interface; times the rules of a group it is 1000 at most. */
  securityGroupsPerInterface: integer(5, 16),
  /** Managed policies of a role. */
  policiesPerRole: integer(10, 25),
});
