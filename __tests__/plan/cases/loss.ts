import { create, destroy, keep, replace, update } from "../plan-fixture";
import type { Case } from "./case";

const GROUP = "aws_codedeploy_deployment_group";
const lost = (rule: string, type: string, says: RegExp): readonly Case[] => [
  { rule, when: `${type} is destroyed`, trips: [destroy(type)], says, silent: [keep(type)] },
  {
    rule,
    when: `${type} is replaced`,
    trips: [replace(type)],
    says,
    silent: [update(type, { tags: {} }, { tags: { a: "b" } })],
  },
];
/** What interrupts traffic or loses data. */
export const LOSSES: readonly Case[] = [
  ...lost("loses-load-balancer", "aws_lb", /no request is answered/),
  ...lost("loses-target-group", "aws_lb_target_group", /may be the live one/),
  ...lost("loses-listener", "aws_lb_listener", /its port is closed/),
  ...lost("loses-service", "aws_ecs_service", /tasks are stopped/),
  ...lost("loses-cluster", "aws_ecs_cluster", /stopped/),
  ...lost("loses-table", "aws_dynamodb_table", /items are gone/),
  ...lost("loses-repository", "aws_ecr_repository", /images are gone/),
  ...["aws_vpc", "aws_subnet", "aws_nat_gateway"].flatMap((type) => lost("loses-network", type, /cut off/)),
  ...lost("loses-bucket", "aws_s3_bucket", /state or logs/),
  ...lost("loses-key", "aws_kms_key", /can't be read/),
  ...lost("loses-logs", "aws_cloudwatch_log_group", /logs are gone/),
  ...lost("loses-notifications", "aws_sns_topic", /hear of nothing/),
  ...lost("loses-certificate", "aws_acm_certificate", /HTTPS/),
  ...lost("gate-deployment-group-lost", GROUP, /no gate/),
  ...lost("gate-function-lost", "aws_lambda_function", /unchecked/),
  {
    rule: "loses-table",
    when: "the table is forgotten",
    trips: [{ ...destroy("aws_dynamodb_table"), change: { actions: ["forget"], before: {}, after: null } }],
    says: /Terraform manages it no more/,
    silent: [create("aws_dynamodb_table")],
  },
  {
    rule: "loses-something",
    when: "something is destroyed that no other rule knows",
    trips: [destroy("aws_iam_role_policy")],
    says: /is destroyed/,
    level: "caution",
    // A new revision of the task definition is no loss, and the table's is another rule's business.
    silent: [replace("aws_ecs_task_definition"), destroy("aws_dynamodb_table")],
  },
  {
    rule: "moves-traffic",
    when: "Terraform changes where a listener forwards to",
    trips: [
      update(
        "aws_lb_listener",
        { default_action: [{ type: "forward", target_group_arn: "two" }] },
        { default_action: [{ type: "forward", target_group_arn: "one" }] },
      ),
    ],
    says: /default_action is CodeDeploy's to change/,
    silent: [
      update(
        "aws_lb_listener",
        { default_action: [{ type: "redirect", redirect: [{ port: "443" }] }] },
        { default_action: [{ type: "redirect", redirect: [{ port: "8443" }] }] },
      ),
    ],
  },
  {
    rule: "moves-traffic",
    when: "Terraform changes the service's task definition",
    trips: [update("aws_ecs_service", { task_definition: "api:7" }, { task_definition: "api:1" })],
    says: /undo the last release/,
    silent: [update("aws_ecs_service", { enable_ecs_managed_tags: false }, { enable_ecs_managed_tags: true })],
  },
  {
    rule: "moves-port",
    when: "the listener gets another port",
    trips: [update("aws_lb_listener", { port: 80 }, { port: 8080 })],
    says: /from 80 to 8080/,
    silent: [update("aws_lb_listener", { port: 80, tags: {} }, { port: 80, tags: { a: "b" } })],
  },
  {
    rule: "loses-old-logs",
    when: "logs are kept for a shorter time",
    trips: [update("aws_cloudwatch_log_group", { retention_in_days: 0 }, { retention_in_days: 30 })],
    says: /30 days instead of for ever/,
    silent: [update("aws_cloudwatch_log_group", { retention_in_days: 30 }, { retention_in_days: 90 })],
  },
];
