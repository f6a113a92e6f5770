import { textOf, valueBefore, type Change } from "../change";
import { caution, danger, isSubjectDestroyed, isLost, nameOf, type Rule, type RuleContext } from "./rule";

interface Loss {
  readonly id: string;
  readonly types: readonly string[];
  readonly says: string;
  /** What is stored in it is gone with it, in use or not. */
  readonly data?: true;
  /** What there is to say instead where the loss hurts less; undefined: it doesn't hurt less. */
  readonly milder?: (change: Change, context: RuleContext) => string | undefined;
}

/** Resources whose loss interrupts traffic or takes data with it. */
const LOSSES: readonly Loss[] = [
  {
    id: "loses-load-balancer",
    types: ["aws_lb"],
    says: "no request is answered until there is another, under another DNS name",
  },
  {
    id: "loses-target-group",
    types: ["aws_lb_target_group"],
    says: "the tasks registered in it get no traffic any more, and it may be the live one",
  },
  {
    id: "loses-listener",
    types: ["aws_lb_listener", "aws_lb_listener_rule"],
    says: "its port is closed meanwhile, and afterwards forwards to where it first did, not to where the last release led",
  },
  {
    id: "loses-service",
    types: ["aws_ecs_service"],
    says: "its tasks are stopped, and the new ones start with the first task definition, not the released one",
  },
  { id: "loses-cluster", types: ["aws_ecs_cluster"], says: "everything that runs in it is stopped" },
  { id: "loses-table", types: ["aws_dynamodb_table"], says: "its items are gone", data: true },
  {
    id: "loses-database",
    types: ["aws_db_instance", "aws_rds_cluster"],
    says: "what is stored in it is gone",
    data: true,
  },
  {
    id: "loses-secret",
    types: ["aws_secretsmanager_secret", "aws_ssm_parameter"],
    says: "no task that reads it can start",
  },
  {
    id: "loses-repository",
    types: ["aws_ecr_repository"],
    says: "its images are gone: no task can start and no rollback has anything to go back to",
    data: true,
  },
  {
    id: "loses-network",
    types: [
      "aws_vpc",
      "aws_subnet",
      "aws_nat_gateway",
      "aws_internet_gateway",
      "aws_route_table",
      "aws_route",
      "aws_route_table_association",
      "aws_eip",
    ],
    says: "what runs in the network is cut off from it, or gets other addresses",
  },
  {
    id: "loses-security-group",
    types: ["aws_security_group"],
    says: "what it lets through is let through no more",
  },
  {
    id: "loses-dns-name",
    types: ["aws_route53_record", "aws_route53_zone"],
    says: "who asks for the name gets no answer",
    // ACM looks for `_<token>.<name>`, and nobody else does.
    milder: (change) =>
      textOf(valueBefore(change, ["name"])).startsWith("_") ? "a certificate can't be renewed without it" : undefined,
  },
  { id: "loses-bucket", types: ["aws_s3_bucket"], says: "what is in the bucket is gone, state or logs", data: true },
  {
    id: "loses-key",
    types: ["aws_kms_key"],
    says: "what it encrypted can't be read any more once the key is deleted",
    data: true,
  },
  { id: "loses-logs", types: ["aws_cloudwatch_log_group"], says: "its logs are gone", data: true },
  { id: "loses-notifications", types: ["aws_sns_topic"], says: "its subscribers hear of nothing any more" },
  {
    id: "loses-certificate",
    types: ["aws_acm_certificate"],
    says: "HTTPS stands on it",
    milder: ({ kind, createsFirst }) =>
      kind === "replace" && createsFirst ? "the next one is there before it goes" : undefined,
  },
  {
    id: "gate-deployment-group-lost",
    types: ["aws_codedeploy_deployment_group", "aws_codedeploy_app"],
    says: "releases have no gate, and a running one is left to itself",
  },
  {
    id: "gate-function-lost",
    types: ["aws_lambda_function"],
    says: "who calls it gets an error; if releases do, to check new versions, they fail or go unchecked",
    milder: (change, context) => (isNotifier(change, context) ? "it tells nobody any more" : undefined),
  },
];

/** Losing one of these is the order of the day: one follows the other, and nothing lives in them. */
const REPLACED_ROUTINELY = [
  "aws_codedeploy_deployment_config",
  "aws_ecs_task_definition",
  "docker_image",
  "docker_registry_image",
  "null_resource",
  "terraform_data",
];

/** Terraform's reasons for a replacement that no attribute explains. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "its state is marked as tainted",
  replace_by_request: "the command line asks for it",
  replace_by_triggers: "its replace_triggered_by says so",
};

/** Words for the way in which a resource is lost. */
export function describeLoss(change: Change): string {
  if (change.kind === "forget") return "is forgotten: it stays, but Terraform manages it no more";
  if (change.kind === "delete") return "is destroyed";
  const paths = change.replacePaths.map(nameOf).filter((path) => path !== "");
  if (paths.length > 0) return `is replaced, for ${paths.join(", ")} can't be changed in place`;
  const why = REASONS[change.reason ?? ""];
  return why === undefined ? "is replaced" : `is replaced, for ${why}`;
}

const named = LOSSES.map(({ id, types, says, milder }): Rule => ({
  id,
  types,
  check: (change, context) => {
    if (!isLost(change)) return [];
    // It stays as it is, and goes on doing what it does.
    if (change.kind === "forget") return caution(describeLoss(change));
    const less = milder?.(change, context);
    return less === undefined
      ? danger(`${describeLoss(change)}: ${says}`)
      : caution(`${describeLoss(change)}: ${less}`);
  },
}));

/** Whether a function is called by a topic: then it carries messages, and checks nothing. */
function isNotifier(change: Change, { changes }: RuleContext): boolean {
  const name = valueBefore(change, ["function_name"]);
  return changes.some(
    (other) =>
      other.type === "aws_lambda_permission" &&
      name !== undefined &&
      valueBefore(other, ["function_name"]) === name &&
      valueBefore(other, ["principal"]) === "sns.amazonaws.com",
  );
}

/** The rule for what no other rule has anything to say about: not known to hurt, and still worth a look. */
export const OTHER_LOSS_RULE: Rule = {
  id: "loses-something",
  check: (change, context) =>
    isLost(change) && !REPLACED_ROUTINELY.includes(change.type) && !isSubjectDestroyed(change, context)
      ? caution(describeLoss(change))
      : [],
};

/**
 * The rule for a deposed object: a replacement made the new one first, and then failed to destroy the old one. The one in
 * use has an entry of its own.
 */
export const DEPOSED_RULE: Rule = {
  id: "removes-deposed",
  check: (change) => {
    if (!isLost(change)) return [];
    const what = "a former object that a replacement has left behind; the one in use is not this one";
    if (change.kind === "forget") return caution(`${describeLoss(change)}: ${what}`);
    const loss = LOSSES.find(({ types, data }) => data === true && types.includes(change.type));
    return loss === undefined
      ? caution(`is destroyed: ${what}`)
      : danger(`is destroyed: ${what}, but of this one: ${loss.says}`);
  },
};

/** What interrupts traffic or loses data or state, by being lost. */
export const LOSS_RULES: readonly Rule[] = [...named, OTHER_LOSS_RULE, DEPOSED_RULE];
