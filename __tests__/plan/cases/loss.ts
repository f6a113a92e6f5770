import { create, deposed, destroy, keep, replace, update, type ResourceChange } from "../plan-fixture";
import type { Case } from "./case";

const GROUP = "aws_codedeploy_deployment_group";

/** As Terraform plans it for a `removed` block: the resource stays, and leaves the state. */
const forget = (type: string): ResourceChange => ({
  ...destroy(type),
  change: { actions: ["forget"], before: {}, after: null },
});

const lost = (rule: string, type: string, says: RegExp): readonly Case[] => [
  { rule, when: `${type} is destroyed`, trips: [destroy(type)], says, silent: [keep(type)] },
  {
    rule,
    when: `${type} is replaced`,
    trips: [replace(type)],
    says,
    silent: [update(type, { tags: {} }, { tags: { a: "b" } })],
  },
  {
    rule,
    when: `${type} is forgotten`,
    trips: [forget(type)],
    says: /^is removed from the state: it stays, but Terraform no longer manages it$/,
    level: "caution",
    silent: [create(type)],
  },
];

const lambda = (name: string) => destroy("aws_lambda_function", { function_name: name });
const mayCall = (name: string, principal: string) =>
  destroy("aws_lambda_permission", { function_name: name, principal }, { name: `may-call-${name}` });
const record = (name: string) => destroy("aws_route53_record", { name });
const certificate = (...actions: readonly string[]) => replace("aws_acm_certificate", {}, {}, { actions });

/** Resources whose loss interrupts traffic or loses data. */
export const LOSSES: readonly Case[] = [
  ...["aws_lb", "aws_alb"].flatMap((type) => lost("loses-load-balancer", type, /no request is answered/)),
  ...["aws_lb_target_group", "aws_alb_target_group"].flatMap((type) =>
    lost("loses-target-group", type, /may be the live target group/),
  ),
  ...["aws_lb_listener", "aws_alb_listener", "aws_lb_listener_rule", "aws_alb_listener_rule"].flatMap((type) =>
    lost("loses-listener", type, /its port is closed/),
  ),
  ...lost("loses-service", "aws_ecs_service", /tasks are stopped/),
  ...lost("loses-cluster", "aws_ecs_cluster", /stopped/),
  ...lost("loses-table", "aws_dynamodb_table", /items are lost/),
  ...["aws_db_instance", "aws_rds_cluster"].flatMap((type) => lost("loses-database", type, /its data is lost/)),
  ...["aws_secretsmanager_secret", "aws_ssm_parameter"].flatMap((type) =>
    lost("loses-secret", type, /tasks that read it can't start/),
  ),
  ...lost("loses-repository", "aws_ecr_repository", /images are lost/),
  ...[
    "aws_vpc",
    "aws_subnet",
    "aws_nat_gateway",
    "aws_internet_gateway",
    "aws_route_table",
    "aws_route",
    "aws_route_table_association",
    "aws_eip",
  ].flatMap((type) => lost("loses-network", type, /lose their connections/)),
  ...lost("loses-security-group", "aws_security_group", /no longer allowed/),
  ...lost("loses-dns-name", "aws_route53_record", /no longer be resolved/),
  {
    rule: "loses-dns-name",
    when: "it is a certificate's record",
    trips: [record("_a1b2.tasks.example.com")],
    says: /can't be renewed/,
    level: "caution",
    silent: [keep("aws_route53_record", { name: "_a1b2.tasks.example.com" })],
  },
  ...lost("loses-bucket", "aws_s3_bucket", /state or logs/),
  ...lost("loses-key", "aws_kms_key", /can't be read/),
  ...lost("loses-logs", "aws_cloudwatch_log_group", /logs are lost/),
  ...lost("loses-notifications", "aws_sns_topic", /get no notifications any more/),
  ...lost("loses-certificate", "aws_acm_certificate", /HTTPS/),
  {
    rule: "loses-certificate",
    when: "the new certificate is created first",
    trips: [certificate("create", "delete")],
    says: /the new one is created before the old one is destroyed/,
    level: "caution",
    silent: [update("aws_acm_certificate", { tags: {} }, { tags: { a: "b" } })],
  },
  ...[GROUP, "aws_codedeploy_app"].flatMap((type) => lost("gate-deployment-group-lost", type, /no gate/)),
  ...lost("gate-function-lost", "aws_lambda_function", /not checked/),
  {
    rule: "gate-function-lost",
    when: "CodeDeploy calls the function, or its caller is not known",
    trips: [lambda("hook"), mayCall("hook", "codedeploy.amazonaws.com"), mayCall("slack", "sns.amazonaws.com")],
    says: /when it checks new versions, releases fail or are not checked/,
    silent: [mayCall("hook", "codedeploy.amazonaws.com")],
  },
  {
    rule: "gate-function-lost",
    when: "the function only forwards notifications",
    trips: [lambda("slack"), mayCall("slack", "sns.amazonaws.com")],
    says: /it sends no notifications any more/,
    level: "caution",
    silent: [mayCall("slack", "sns.amazonaws.com")],
  },
  {
    rule: "loses-something",
    when: "a resource is destroyed that no other rule knows",
    trips: [destroy("aws_iam_role_policy")],
    says: /is destroyed/,
    level: "caution",
    // Another rule reports it already.
    silent: [destroy("aws_dynamodb_table"), destroy("aws_s3_bucket_public_access_block")],
  },
  ...[
    "aws_codedeploy_deployment_config",
    "aws_ecs_task_definition",
    "docker_image",
    "docker_registry_image",
    "null_resource",
    "terraform_data",
  ].map((type): Case => ({
    rule: "loses-something",
    when: `a resource of another type than ${type} is replaced`,
    trips: [replace("aws_thing")],
    says: /is replaced/,
    level: "caution",
    silent: [replace(type), destroy(type, {}, { name: "other" })],
  })),
  {
    rule: "loses-something",
    when: "the settings of a bucket that stays are destroyed",
    trips: [destroy("aws_s3_bucket_ownership_controls", { bucket: "a" }), keep("aws_s3_bucket", { bucket: "a" })],
    says: /is destroyed/,
    level: "caution",
    silent: [destroy("aws_s3_bucket_ownership_controls", { bucket: "a" }), destroy("aws_s3_bucket", { bucket: "a" })],
  },
  {
    rule: "removes-deposed",
    when: "a deposed object is destroyed, and another object is in use",
    trips: [keep("aws_lb"), deposed(destroy("aws_lb"))],
    says: /^is destroyed: a former object that a replacement could not destroy, not the one in use$/,
    level: "caution",
    silent: [destroy("aws_lb"), deposed(keep("aws_lb", {}, { name: "other" }))],
  },
  ...(
    [
      ["aws_dynamodb_table", /but it stores data: its items are lost$/],
      ["aws_db_instance", /but it stores data: its data is lost$/],
      ["aws_ecr_repository", /but it stores data: its images are lost/],
      ["aws_s3_bucket", /but it stores data: its objects are lost/],
      ["aws_kms_key", /but it stores data: data that it encrypted can't be read/],
      ["aws_cloudwatch_log_group", /but it stores data: its logs are lost$/],
    ] as const
  ).map(([type, says]): Case => ({
    rule: "removes-deposed",
    when: `the deposed object is data: ${type}`,
    trips: [deposed(destroy(type))],
    says,
    silent: [deposed(keep(type))],
  })),
  {
    rule: "loses-load-balancer",
    when: "Terraform names no attribute that can't be changed in place",
    trips: [replace("aws_lb", {}, {}, { replace_paths: [[]] })],
    says: /^is replaced: no request is answered/,
    silent: [update("aws_lb", {}, {}, { replace_paths: [[]] })],
  },
  {
    rule: "removes-deposed",
    when: "the former object is forgotten",
    trips: [
      deposed({ ...destroy("aws_s3_bucket"), change: { ...destroy("aws_s3_bucket").change, actions: ["forget"] } }),
    ],
    says: /^is removed from the state: /,
    level: "caution",
    silent: [],
  },
  ...(["loses-load-balancer", "loses-something"] as const).map((rule): Case => ({
    rule,
    when: "the object in use is destroyed, and not a deposed one",
    trips: [destroy(rule === "loses-something" ? "aws_thing" : "aws_lb")],
    says: /is destroyed/,
    ...(rule === "loses-something" && { level: "caution" as const }),
    silent: [deposed(destroy("aws_lb")), deposed(destroy("aws_thing"))],
  })),
  ...[
    ["replace_because_tainted", /^is replaced, because its state is marked as tainted: /],
    ["replace_by_request", /^is replaced, because the command line asks for it: /],
    ["replace_by_triggers", /^is replaced, because its replace_triggered_by requires it: /],
  ].map(([reason, says]): Case => ({
    rule: "loses-load-balancer",
    when: `it is replaced because of ${String(reason)}`,
    trips: [{ ...replace("aws_lb"), action_reason: String(reason) }],
    says: says as RegExp,
    silent: [],
  })),
];
