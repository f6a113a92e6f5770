import { type Change, valueAfter, valueAt, valueBefore } from "../change";
import { caution, compare, danger, inWords, isLost, nameOf, same, type Opinion, type Rule } from "./rule";

/** Resources whose loss interrupts traffic or takes data with it. */
const LOSSES: readonly { readonly id: string; readonly types: readonly string[]; readonly says: string }[] = [
  {
    id: "loses-load-balancer",
    types: ["aws_lb", "aws_alb"],
    says: "no request is answered until there is another, under another DNS name",
  },
  {
    id: "loses-target-group",
    types: ["aws_lb_target_group", "aws_alb_target_group"],
    says: "the tasks registered in it get no traffic any more, and it may be the live one",
  },
  {
    id: "loses-listener",
    types: ["aws_lb_listener", "aws_alb_listener", "aws_lb_listener_rule"],
    says: "its port is closed meanwhile, and afterwards forwards to where it first did, not to where the last release led",
  },
  {
    id: "loses-service",
    types: ["aws_ecs_service"],
    says: "its tasks are stopped, and the new ones start with the first task definition, not the released one",
  },
  { id: "loses-cluster", types: ["aws_ecs_cluster"], says: "everything that runs in it is stopped" },
  { id: "loses-table", types: ["aws_dynamodb_table"], says: "its items are gone" },
  {
    id: "loses-repository",
    types: ["aws_ecr_repository"],
    says: "its images are gone: no task can start and no rollback has anything to go back to",
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
  { id: "loses-bucket", types: ["aws_s3_bucket"], says: "what is in the bucket is gone, state or logs" },
  {
    id: "loses-key",
    types: ["aws_kms_key"],
    says: "what it encrypted can't be read any more once the key is deleted",
  },
  { id: "loses-logs", types: ["aws_cloudwatch_log_group"], says: "its logs are gone" },
  { id: "loses-notifications", types: ["aws_sns_topic"], says: "its subscribers hear of nothing any more" },
  {
    id: "loses-certificate",
    types: ["aws_acm_certificate"],
    says: "HTTPS stands on it",
  },
  {
    id: "gate-deployment-group-lost",
    types: ["aws_codedeploy_deployment_group", "aws_codedeploy_app"],
    says: "releases have no gate, and a running one is left to itself",
  },
  {
    id: "gate-function-lost",
    types: ["aws_lambda_function"],
    says: "what it checks before traffic moves goes unchecked, or fails every release",
  },
];

/** Losing one of these is the order of the day: revisions follow each other, and nothing lives in them. */
const EXPENDABLE = [
  "aws_ecs_task_definition",
  "docker_image",
  "docker_registry_image",
  "terraform_data",
  "null_resource",
];
/** Judged by rules of their own. */
const ELSEWHERE = [
  "aws_cloudwatch_metric_alarm",
  "aws_codedeploy_deployment_config",
  "aws_flow_log",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
  "aws_wafv2_web_acl",
  "aws_wafv2_web_acl_association",
  "aws_wafv2_web_acl_logging_configuration",
];

/** Words for the way in which a resource is lost. */
export function lostHow(change: Change): string {
  if (change.kind === "forget") return "is forgotten: it stays, but Terraform manages it no more";
  if (change.kind === "delete") return "is destroyed";
  const paths = change.replacePaths.map(nameOf).filter((path) => path !== "");
  return paths.length === 0 ? "is replaced" : `is replaced, for ${paths.join(", ")} can't be changed in place`;
}

const named = LOSSES.map(({ id, types, says }): Rule => ({
  id,
  types,
  check: (change) => (isLost(change) ? danger(`${lostHow(change)}: ${says}`) : []),
}));

/** What the named losses leave: not known to hurt, and still worth a look. */
const other: Rule = {
  id: "loses-something",
  check: (change) => {
    const known = [...EXPENDABLE, ...ELSEWHERE, ...LOSSES.flatMap(({ types }) => types)];
    return isLost(change) && !known.includes(change.type) ? caution(lostHow(change)) : [];
  },
};

/** CodeDeploy moves these with every release; Terraform moving them as well takes the traffic elsewhere. */
const movesTraffic: Rule = {
  id: "moves-traffic",
  types: ["aws_lb_listener", "aws_ecs_service"],
  check: (change) => {
    const paths =
      change.type === "aws_lb_listener"
        ? ["default_action"]
        : ["task_definition", "load_balancer", "network_configuration"];
    if (change.kind !== "update") return [];
    return paths.flatMap((path): readonly Opinion[] => {
      const before = valueBefore(change, [path]);
      const after = valueAfter(change, [path]);
      // A listener that only redirects is none of CodeDeploy's.
      const redirects = [change.before, change.after].some((side) => valueAt(side, [path, 0, "type"]) === "redirect");
      if (same(before, after) || redirects) return [];
      return danger(`${path} is CodeDeploy's to change: Terraform would move the traffic, or undo the last release`);
    });
  },
};

const movesPort: Rule = {
  id: "moves-port",
  types: ["aws_lb_listener"],
  check: (change) =>
    compare(change, ["port"], (before, after) =>
      danger(`the port goes from ${inWords(before)} to ${inWords(after)}: who calls the old one gets no answer`),
    ),
};

const keepsLogsShorter: Rule = {
  id: "loses-old-logs",
  types: ["aws_cloudwatch_log_group"],
  check: (change) =>
    compare(change, ["retention_in_days"], (before, after) => {
      const [from, to] = [days(before), days(after)];
      return to < from ? danger(`logs are kept ${said(to)} instead of ${said(from)}: older ones are deleted`) : [];
    }),
};

/** 0 and nothing at all: for ever. */
function days(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : Infinity;
}

function said(value: number): string {
  return value === Infinity ? "for ever" : `${value} days`;
}

/** What interrupts traffic or loses data or state. */
export const LOSS_RULES: readonly Rule[] = [...named, other, movesTraffic, movesPort, keepsLogsShorter];
