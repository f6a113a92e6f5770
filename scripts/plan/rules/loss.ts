import { valueBefore, type Change } from "../change";
import { textOf } from "../json-values";
import { caution, danger, isLost, isSubjectDestroyed, nameOf, type Rule, type RuleContext } from "./rule";

interface Loss {
  readonly id: string;
  readonly types: readonly string[];
  readonly says: string;
  /** It stores data, which is lost with it, also when it is no longer in use. */
  readonly data?: true;
  /** The consequence in cases in which the loss is only a caution; undefined for other cases. */
  readonly cautionIf?: (change: Change, context: RuleContext) => string | undefined;
}

/** Resources whose loss interrupts traffic or loses data. */
const LOSSES: readonly Loss[] = [
  {
    id: "loses-load-balancer",
    types: ["aws_lb"],
    says: "no request is answered until a new one exists, with another DNS name",
  },
  {
    id: "loses-target-group",
    types: ["aws_lb_target_group"],
    says: "the tasks registered in it get no traffic any more, and it may be the live target group",
  },
  {
    id: "loses-listener",
    types: ["aws_lb_listener", "aws_lb_listener_rule"],
    says: "its port is closed meanwhile; the new one forwards to the initial target group, not to that of the last release",
  },
  {
    id: "loses-service",
    types: ["aws_ecs_service"],
    says: "its tasks are stopped, and new ones start with the initial task definition, not the released one",
  },
  { id: "loses-cluster", types: ["aws_ecs_cluster"], says: "all its tasks are stopped" },
  { id: "loses-table", types: ["aws_dynamodb_table"], says: "its items are lost", data: true },
  {
    id: "loses-database",
    types: ["aws_db_instance", "aws_rds_cluster"],
    says: "its data is lost",
    data: true,
  },
  {
    id: "loses-secret",
    types: ["aws_secretsmanager_secret", "aws_ssm_parameter"],
    says: "tasks that read it can't start",
  },
  {
    id: "loses-repository",
    types: ["aws_ecr_repository"],
    says: "its images are lost: tasks can't start, and a rollback is not possible",
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
    says: "resources in the network lose their connections, or get other addresses",
  },
  {
    id: "loses-security-group",
    types: ["aws_security_group"],
    says: "traffic that it allows is no longer allowed",
  },
  {
    id: "loses-dns-name",
    types: ["aws_route53_record", "aws_route53_zone"],
    says: "the name can no longer be resolved",
    // Records named `_<token>.<name>` are only read by ACM
    // (https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html).
    cautionIf: (change) =>
      textOf(valueBefore(change, ["name"])).startsWith("_") ? "a certificate can't be renewed without it" : undefined,
  },
  { id: "loses-bucket", types: ["aws_s3_bucket"], says: "its objects are lost, e.g. state or logs", data: true },
  {
    id: "loses-key",
    types: ["aws_kms_key"],
    says: "data that it encrypted can't be read any more once the key is deleted",
    data: true,
  },
  { id: "loses-logs", types: ["aws_cloudwatch_log_group"], says: "its logs are lost", data: true },
  { id: "loses-notifications", types: ["aws_sns_topic"], says: "its subscribers get no notifications any more" },
  {
    id: "loses-certificate",
    types: ["aws_acm_certificate"],
    says: "HTTPS needs it",
    cautionIf: ({ createsFirst }) =>
      createsFirst ? "the new one is created before the old one is destroyed" : undefined,
  },
  {
    id: "gate-deployment-group-lost",
    types: ["aws_codedeploy_deployment_group", "aws_codedeploy_app"],
    says: "releases have no gate any more, and nothing controls a running release",
  },
  {
    id: "gate-function-lost",
    types: ["aws_lambda_function"],
    says: "its callers get errors; when it checks new versions, releases fail or are not checked",
    cautionIf: (change, context) => (isNotifier(change, context) ? "it sends no notifications any more" : undefined),
  },
];

/** Types that are routinely replaced: they hold no data and no traffic. */
const REPLACED_ROUTINELY = [
  "aws_codedeploy_deployment_config",
  "aws_ecs_task_definition",
  "docker_image",
  "docker_registry_image",
  "null_resource",
  "terraform_data",
];

/** Terraform's reasons (`action_reason`) for a replacement that no attribute causes. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "its state is marked as tainted",
  replace_by_request: "the command line asks for it",
  replace_by_triggers: "its replace_triggered_by requires it",
};

/** How a resource is lost, in words that follow its address. */
export function describeLoss(change: Change): string {
  if (change.kind === "forget") return "is removed from the state: it stays, but Terraform no longer manages it";
  if (change.kind === "delete") return "is destroyed";
  const paths = change.replacePaths.map(nameOf).filter((path) => path !== "");
  if (paths.length > 0) return `is replaced, because ${paths.join(", ")} can't be changed in place`;
  const why = REASONS[change.reason ?? ""];
  return why === undefined ? "is replaced" : `is replaced, because ${why}`;
}

const knownLosses = LOSSES.map(({ id, types, says, cautionIf }): Rule => ({
  id,
  types,
  check: (change, context) => {
    if (!isLost(change)) return [];
    // A forgotten resource keeps working.
    if (change.kind === "forget") return caution(describeLoss(change));
    const consequence = cautionIf?.(change, context);
    return consequence === undefined
      ? danger(`${describeLoss(change)}: ${says}`)
      : caution(`${describeLoss(change)}: ${consequence}`);
  },
}));

/** Whether a topic calls the function: then it forwards notifications, and checks no release. */
function isNotifier(change: Change, { changes }: RuleContext): boolean {
  const name = valueBefore(change, ["function_name"]);
  return changes.some(
    (other) =>
      valueBefore(other, ["function_name"]) === name && valueBefore(other, ["principal"]) === "sns.amazonaws.com",
  );
}

/** Reports every loss for which no other rule finds anything: not known to be dangerous, but a person should check it. */
export const OTHER_LOSS_RULE: Rule = {
  id: "loses-something",
  check: (change, context) =>
    isLost(change) && !REPLACED_ROUTINELY.includes(change.type) && !isSubjectDestroyed(change, context)
      ? caution(describeLoss(change))
      : [],
};

/**
 * The only rule for deposed objects: a replacement created the new object first, and then failed to destroy the old one. The
 * object in use has a change of its own.
 */
export const DEPOSED_RULE: Rule = {
  id: "removes-deposed",
  check: (change) => {
    const what = "a former object that a replacement could not destroy, not the one in use";
    if (change.kind === "forget") return caution(`${describeLoss(change)}: ${what}`);
    const loss = LOSSES.find(({ types, data }) => data === true && types.includes(change.type));
    return loss === undefined
      ? caution(`is destroyed: ${what}`)
      : danger(`is destroyed: ${what}, but it stores data: ${loss.says}`);
  },
};

/** Rules about resources that are destroyed, replaced or forgotten. */
export const LOSS_RULES: readonly Rule[] = [...knownLosses, OTHER_LOSS_RULE, DEPOSED_RULE];
