import { caution, danger, isAddedToExisting, isSubjectCreated, type Rule } from "./rule";

/** A resource that replaces the settings of an existing resource: settings that it doesn't list are removed. */
interface ExclusiveResource {
  readonly type: string;
  /** The attribute that refers to the existing resource. */
  readonly of: string;
  readonly says: string;
  readonly assess?: typeof caution;
}

const REMOVES_UNLISTED = "what exists and isn't listed here is removed";

const EXCLUSIVE_RESOURCES: readonly ExclusiveResource[] = [
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_route_table
  {
    type: "aws_default_route_table",
    of: "default_route_table_id",
    says: "every route of the table that isn't listed here is removed",
  },
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_security_group
  {
    type: "aws_default_security_group",
    of: "vpc_id",
    says: "every rule of the group that isn't listed here is removed: members of the group lose their connections",
    assess: caution,
  },
  {
    type: "aws_main_route_table_association",
    of: "vpc_id",
    says: "traffic of every subnet without a route table of its own takes other routes",
  },
  {
    type: "aws_route_table_association",
    of: "subnet_id",
    says: "the subnet's traffic uses this route table from now on, and not the main one",
  },
  { type: "aws_iam_role_policies_exclusive", of: "role_name", says: REMOVES_UNLISTED },
  { type: "aws_iam_role_policy_attachments_exclusive", of: "role_name", says: REMOVES_UNLISTED },
  { type: "aws_vpc_security_group_rules_exclusive", of: "security_group_id", says: REMOVES_UNLISTED },
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy_attachment
  {
    type: "aws_iam_policy_attachment",
    of: "policy_arn",
    says: "the policy is detached from every role, user and group that isn't listed here",
  },
];

const takesOver: Rule = {
  id: "adds-exclusive-resource",
  types: EXCLUSIVE_RESOURCES.map(({ type }) => type),
  check: (change, context) =>
    EXCLUSIVE_RESOURCES.filter(
      ({ type, of }) => type === change.type && isAddedToExisting(change, of) && !isSubjectCreated(change, of, context),
    ).flatMap(({ says, assess = danger }) => assess(says)),
};

/** Rules about new resources that replace the settings of existing ones. */
export const EXCLUSIVE_RULES: readonly Rule[] = [takesOver];
