import { create, destroy, keep, replace, update } from "../plan-fixture";
import type { Case } from "./case";

const ACL = "aws_default_network_acl";
const ALLOW = { action: "allow", rule_no: 100, protocol: "-1", cidr_block: "0.0.0.0/0", from_port: 0, to_port: 0 };
const acl = (...entries: readonly object[]) => ({ default_network_acl_id: "acl-1", ingress: entries, egress: [ALLOW] });
const LIMITS = "aws_appautoscaling_target";
const limits = (min_capacity: number, max_capacity: number) => ({
  resource_id: "service/tasks/api",
  ...{ min_capacity, max_capacity },
});
const service = keep("aws_ecs_service", { name: "api", cluster: "arn:aws:ecs:r:1:cluster/tasks", desired_count: 6 });
const user = (name?: string) => ({ container_definitions: JSON.stringify([{ name: "api", image: "i", user: name }]) });

/** New resources that replace or redirect existing ones. */
export const EXCLUSIVE_RESOURCES: readonly Case[] = [
  ...[
    ["aws_default_route_table", "default_route_table_id", "danger"],
    ["aws_default_security_group", "vpc_id", "caution"],
    ["aws_main_route_table_association", "vpc_id", "danger"],
    ["aws_route_table_association", "subnet_id", "danger"],
  ].map(([type = "", attribute = "", level]): Case => ({
    rule: "adds-exclusive-resource",
    when: `${type} is added to an existing resource`,
    trips: [create(type, { [attribute]: "x-1" })],
    says: /removed|takes other routes|uses this route table/,
    ...(level === "caution" && { level }),
    silent: [create(type, {}, { after_unknown: { [attribute]: true } })],
  })),
  ...["aws_iam_role_policies_exclusive", "aws_iam_role_policy_attachments_exclusive"].map((type): Case => ({
    rule: "adds-exclusive-resource",
    when: `${type} removes what it doesn't list from a role`,
    trips: [keep("aws_iam_role", { name: "releases" }), create(type, { role_name: "releases" })],
    says: /isn't listed here is removed/,
    silent: [create("aws_iam_role", { name: "releases" }), create(type, { role_name: "releases" })],
  })),
  {
    rule: "adds-exclusive-resource",
    when: "the policies of a role that stays are replaced, and a new resource has the same name",
    trips: [
      create("aws_iam_instance_profile", { name: "releases", role: "releases" }),
      create("aws_iam_role_policies_exclusive", { role_name: "releases" }),
    ],
    says: /isn't listed here is removed/,
    silent: [
      create("aws_iam_role", { name: "releases" }),
      create("aws_iam_role_policies_exclusive", { role_name: "releases" }),
    ],
  },
  {
    rule: "adds-exclusive-resource",
    when: "the rules of a security group are managed exclusively",
    trips: [create("aws_vpc_security_group_rules_exclusive", { security_group_id: "sg-1" })],
    says: /isn't listed here is removed/,
    silent: [create("aws_vpc_security_group_rules_exclusive", {}, { after_unknown: { security_group_id: true } })],
  },
  {
    rule: "adds-exclusive-resource",
    when: "a policy is attached exclusively",
    trips: [create("aws_iam_policy_attachment", { policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" })],
    says: /detached from every role/,
    silent: [create("aws_iam_policy_attachment", {}, { after_unknown: { policy_arn: true } })],
  },
  {
    rule: "closes-subnet",
    when: "the default ACL is adopted without rules",
    trips: [create(ACL, acl())],
    says: /^every subnet without an ACL of its own: ingress/,
    silent: [create(ACL, acl(ALLOW))],
  },
  {
    rule: "closes-subnet",
    when: "the default ACL of an existing network is adopted",
    trips: [create(ACL, acl({ ...ALLOW, protocol: "6", from_port: 443, to_port: 443 }))],
    says: /denied from now on/,
    silent: [
      create(ACL, { ...acl(), default_network_acl_id: null }, { after_unknown: { default_network_acl_id: true } }),
    ],
  },
  {
    rule: "loses-dns-name",
    when: "a whole zone is destroyed",
    trips: [destroy("aws_route53_zone", { name: "example.com" })],
    says: /no longer be resolved/,
    silent: [update("aws_route53_zone", { comment: "a" }, { comment: "b" })],
  },
  {
    rule: "security-function-opened",
    when: "another account may call a function",
    trips: [create("aws_lambda_permission", { principal: "123456789012" })],
    says: /^123456789012 may call/,
    level: "caution",
    silent: [create("aws_lambda_permission", { principal: "sns.amazonaws.com" })],
  },
  {
    rule: "loses-capacity",
    when: "new limits of a service are below what runs",
    trips: [service, create(LIMITS, limits(1, 2))],
    says: /^at most 2 tasks may run, not 6/,
    silent: [service, create(LIMITS, limits(6, 12))],
  },
  {
    rule: "loses-capacity",
    when: "new limits let a service have fewer tasks than run",
    trips: [service, create(LIMITS, limits(2, 12))],
    says: /^as few as 2 tasks/,
    level: "caution",
    silent: [service, create(LIMITS, { ...limits(2, 12), resource_id: "service/tasks/other" })],
  },
  {
    rule: "security-container-unguarded",
    when: "a container runs as root, written in another way",
    trips: [replace("aws_ecs_task_definition", user("1000"), user("00:1000"))],
    says: /runs as 00:1000/,
    silent: [replace("aws_ecs_task_definition", user("1000"), user("1001"))],
  },
  {
    rule: "cuts-traffic",
    when: "the deployment controller changes",
    trips: [
      update(
        "aws_ecs_service",
        { deployment_controller: [{ type: "CODE_DEPLOY" }] },
        { deployment_controller: [{ type: "ECS" }] },
      ),
    ],
    says: /^deployment_controller\.type goes from CODE_DEPLOY to ECS/,
    silent: [update("aws_ecs_service", { tags: { a: "b" } }, { tags: { a: "c" } })],
  },
];
