import { textOf, UNKNOWN, valueAfter, valueAt, type Change } from "../change";
import { danger, caution, type Assessment, type Rule, type RuleContext } from "./rule";

/** A resource that, once it is made, rules alone over something that was there before. */
interface ExclusiveResource {
  readonly type: string;
  /** The attribute that names what it is put to. */
  readonly of: string;
  readonly says: string;
  readonly assess?: typeof caution;
}

const REMOVES_UNLISTED = "what is there and isn't named here is taken away";

const EXCLUSIVE_RESOURCES: readonly ExclusiveResource[] = [
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_route_table
  {
    type: "aws_default_route_table",
    of: "default_route_table_id",
    says: "every route of the table that isn't named here is removed",
  },
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_security_group
  {
    type: "aws_default_security_group",
    of: "vpc_id",
    says: "every rule of the group that isn't named here is removed: what uses the group is cut off",
    assess: caution,
  },
  {
    type: "aws_main_route_table_association",
    of: "vpc_id",
    says: "traffic of every subnet without a table of its own goes other ways",
  },
  {
    type: "aws_route_table_association",
    of: "subnet_id",
    says: "the subnet's traffic goes by this table from now on, and not by the main one",
  },
  { type: "aws_iam_role_policies_exclusive", of: "role_name", says: REMOVES_UNLISTED },
  { type: "aws_iam_role_policy_attachments_exclusive", of: "role_name", says: REMOVES_UNLISTED },
  { type: "aws_vpc_security_group_rules_exclusive", of: "security_group_id", says: REMOVES_UNLISTED },
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy_attachment
  {
    type: "aws_iam_policy_attachment",
    of: "policy_arn",
    says: "the policy is taken from every role, user and group that isn't named here",
  },
];

const takesOver: Rule = {
  id: "adds-exclusive-resource",
  types: EXCLUSIVE_RESOURCES.map(({ type }) => type),
  check: (change, context) =>
    EXCLUSIVE_RESOURCES.filter(
      ({ type, of }) => type === change.type && isAddedToExisting(change, of, context),
    ).flatMap(({ says, assess = danger }) => assess(says)),
};

/** What stops the internet for every VPC of a region, whatever its routes say. */
const internetBlocked: Rule = {
  id: "blocks-internet",
  types: ["aws_vpc_block_public_access_options"],
  check: (change): readonly Assessment[] => {
    if (change.kind !== "create" && change.kind !== "update") return [];
    const mode = valueAfter(change, ["internet_gateway_block_mode"]);
    return mode === UNKNOWN || mode === "off" || mode === valueAt(change.before, ["internet_gateway_block_mode"])
      ? []
      : danger(`${textOf(mode)}: the internet is cut off from every VPC of the region`);
  },
};

/** Whether a new resource is put to something that this plan doesn't make. */
function isAddedToExisting(change: Change, attribute: string, { changes }: RuleContext): boolean {
  const subject = valueAfter(change, [attribute]);
  if (change.kind !== "create" || subject === UNKNOWN || textOf(subject) === "") return false;
  // A name is known before what it names is made.
  return !changes.some(
    ({ kind, type, after }) =>
      kind === "create" &&
      type !== change.type &&
      ["id", "name", "arn"].some((name) => valueAt(after, [name]) === subject),
  );
}

/** What is new and rules alone over what is there. */
export const EXCLUSIVE_RULES: readonly Rule[] = [takesOver, internetBlocked];
