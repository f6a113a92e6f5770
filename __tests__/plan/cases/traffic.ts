import { create, destroy, keep, replace, update } from "../plan-fixture";
import type { Case } from "./case";

const listener = (type: string, target = "one") => ({ default_action: [{ type, target_group_arn: target }] });
/** A forward in the long form, to target groups with their weights. */
const forwards = (...groups: readonly (readonly [arn: string, weight: number])[]) => ({
  default_action: [{ type: "forward", forward: [{ target_group: groups.map(([arn, weight]) => ({ arn, weight })) }] }],
});
const actionOf = ({ default_action: [forward] }: ReturnType<typeof forwards>) => ({
  action: [{ ...forward, type: undefined }],
});

const moves = (type: string, path: string, before: unknown, after: unknown): Case => ({
  rule: "moves-traffic",
  when: `Terraform changes ${path} of ${type}`,
  trips: [update(type, { [path]: before }, { [path]: after })],
  says: new RegExp(`^${path} is managed by CodeDeploy`),
  silent: [update(type, { [path]: before, tags: {} }, { [path]: before, tags: { a: "b" } })],
});

const mapped = (subnets: Readonly<Record<string, object>>) => ({
  subnet_mapping: Object.entries(subnets).map(([subnet_id, addresses]) => ({ subnet_id, ...addresses })),
});

const changesRoute = (type: string, path: string, before: object, after: object, says: RegExp): Case => ({
  rule: "moves-route",
  when: `${path} of ${type} changes`,
  trips: [update(type, before, after)],
  says: new RegExp(`^${path.replace(".", "\\.")} changes: .*${says.source}`),
  silent: [update(type, { ...before, tags: {} }, { ...before, tags: { a: "b" } })],
});

/** Listeners, routes and names that lead traffic to another place. */
export const TRAFFIC: readonly Case[] = [
  {
    rule: "moves-traffic",
    when: "a listener gets its first action",
    trips: [update("aws_lb_listener", {}, listener("forward"))],
    says: /^default_action is managed by CodeDeploy/,
    silent: [replace("aws_lb_listener", listener("forward"), listener("forward", "two"))],
  },
  {
    rule: "moves-load-balancer",
    when: "the load balancer leaves a subnet",
    trips: [update("aws_lb", { subnets: ["a", "b"] }, { subnets: ["b"] })],
    says: /^it leaves a: /,
    silent: [destroy("aws_lb", { subnets: ["a", "b"] })],
  },
  {
    rule: "loses-dns-resolution",
    when: "the VPC no longer sets whether names can be resolved",
    trips: [update("aws_vpc", { enable_dns_support: true }, {})],
    says: /^enable_dns_support is turned off/,
    silent: [update("aws_vpc", { enable_dns_support: false }, { enable_dns_support: true })],
  },
  moves(
    "aws_lb_listener",
    "default_action",
    listener("forward").default_action,
    listener("forward", "two").default_action,
  ),
  moves("aws_alb_listener", "default_action", [{ type: "forward" }], [{ type: "fixed-response" }]),
  moves("aws_lb_listener_rule", "action", [{ target_group_arn: "one" }], [{ target_group_arn: "two" }]),
  moves("aws_ecs_service", "task_definition", "api:7", "api:1"),
  moves("aws_ecs_service", "load_balancer", [{ target_group_arn: "one" }], [{ target_group_arn: "two" }]),
  moves("aws_ecs_service", "network_configuration", [{ subnets: ["a"] }], [{ subnets: ["b"] }]),
  {
    rule: "moves-traffic",
    when: "a listener redirects what it used to forward",
    trips: [update("aws_lb_listener", listener("forward"), listener("redirect"))],
    says: /default_action/,
    silent: [update("aws_lb_listener", listener("redirect", "443"), listener("redirect", "8443"))],
  },
  {
    rule: "moves-traffic",
    when: "a listener gets its first action, which is not known yet",
    trips: [update("aws_lb_listener", {}, {}, { after_unknown: { default_action: true } })],
    says: /^default_action is managed by CodeDeploy/,
    silent: [update("aws_lb_listener", {}, {}, { after_unknown: { arn: true } })],
  },
  {
    rule: "moves-traffic",
    when: "a listener forwards to another target group, in the long form",
    trips: [update("aws_lb_listener", listener("forward"), forwards(["two", 1]))],
    says: /^default_action is managed by CodeDeploy/,
    silent: [
      update("aws_lb_listener", listener("forward"), forwards(["one", 1]), { name: "short-to-long" }),
      update("aws_lb_listener", forwards(["one", 100]), listener("forward"), { name: "long-to-short" }),
      update("aws_lb_listener_rule", { action: [{ target_group_arn: "one" }] }, actionOf(forwards(["one", 1]))),
    ],
  },
  {
    rule: "moves-traffic",
    when: "the weights of a listener change",
    trips: [update("aws_lb_listener", forwards(["one", 1], ["two", 0]), forwards(["one", 0], ["two", 1]))],
    says: /^default_action is managed by CodeDeploy/,
    silent: [update("aws_lb_listener", forwards(["one", 1]), forwards(["one", 2]))],
  },
  {
    rule: "moves-traffic",
    when: "a listener also forwards to a second target group",
    trips: [update("aws_lb_listener", listener("forward"), forwards(["one", 1], ["two", 0]))],
    says: /^default_action is managed by CodeDeploy/,
    silent: [keep("aws_lb_listener", forwards(["one", 1], ["two", 0]))],
  },
  {
    rule: "moves-traffic",
    when: "a listener that logs in forwards to another target group",
    trips: [
      update(
        "aws_lb_listener",
        { default_action: [{ type: "authenticate-oidc" }, { type: "forward", target_group_arn: "one" }] },
        { default_action: [{ type: "authenticate-oidc" }, { type: "forward", target_group_arn: "two" }] },
      ),
    ],
    says: /^default_action is managed by CodeDeploy/,
    silent: [
      update(
        "aws_lb_listener",
        { default_action: [{ type: "authenticate-oidc" }, { type: "redirect", target_group_arn: "one" }] },
        { default_action: [{ type: "authenticate-oidc" }, { type: "redirect", target_group_arn: "two" }] },
      ),
    ],
  },
  {
    rule: "moves-traffic",
    when: "the target of a listener is not known yet",
    trips: [
      update(
        "aws_lb_listener",
        listener("forward"),
        { default_action: [{ type: "forward" }] },
        {
          after_unknown: { default_action: [{ target_group_arn: true }] },
        },
      ),
    ],
    says: /default_action/,
    silent: [
      update("aws_lb_listener", listener("forward"), listener("forward"), { after_unknown: { default_action: [{}] } }),
    ],
  },
  {
    rule: "moves-port",
    when: "the listener gets another port",
    trips: [update("aws_lb_listener", { port: 80 }, { port: 8080 })],
    says: /from 80 to 8080/,
    silent: [update("aws_lb_listener", { port: 80, tags: {} }, { port: 80, tags: { a: "b" } })],
  },
  ...[
    "carrier_gateway_id",
    "core_network_arn",
    "egress_only_gateway_id",
    "gateway_id",
    "local_gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
  ].map((name) => changesRoute("aws_route", name, { [name]: "a" }, { [name]: "b" }, /take another route/)),
  changesRoute(
    "aws_default_route_table",
    "route",
    { route: [{ gateway_id: "a" }] },
    { route: [] },
    /take another route/,
  ),
  changesRoute("aws_route_table", "route", { route: [{ gateway_id: "a" }] }, { route: [] }, /take another route/),
  changesRoute(
    "aws_route53_record",
    "alias.name",
    { alias: [{ name: "a", evaluate_target_health: true }] },
    { alias: [{ name: "b", evaluate_target_health: true }] },
    /clients get the new target/,
  ),
  changesRoute(
    "aws_route53_record",
    "records",
    { records: ["192.0.2.1"] },
    { records: ["192.0.2.2"] },
    /clients get the new target/,
  ),
  changesRoute("aws_route53_record", "type", { type: "A" }, { type: "CNAME" }, /clients get the new target/),
  {
    rule: "moves-route",
    when: "the target of a route is not known yet",
    trips: [update("aws_route", { nat_gateway_id: "a" }, {}, { after_unknown: { nat_gateway_id: true } })],
    says: /nat_gateway_id changes/,
    // A missing value and an empty text are the same; a replaced resource is reported as lost.
    silent: [
      update("aws_route", { nat_gateway_id: "a", gateway_id: "" }, { nat_gateway_id: "a", gateway_id: null }),
      replace("aws_route", { nat_gateway_id: "a" }, { nat_gateway_id: "b" }, { name: "other" }),
    ],
  },
  {
    rule: "moves-load-balancer",
    when: "it leaves a subnet",
    trips: [update("aws_lb", { subnets: ["a", "b"] }, { subnets: ["a"] })],
    says: /^it leaves b: /,
    silent: [update("aws_lb", { subnets: ["a", "b"] }, { subnets: ["c", "b", "a"] })],
  },
  {
    rule: "moves-load-balancer",
    when: "it loses a security group for certain, whatever the other one will be",
    trips: [
      update(
        "aws_lb",
        { security_groups: ["sg-1", "sg-2"] },
        { security_groups: [null] },
        {
          after_unknown: { security_groups: [true] },
        },
      ),
    ],
    says: /^1 of sg-1, sg-2 no longer filters its traffic/,
    silent: [create("aws_lb", { security_groups: ["sg-1"] })],
  },
  {
    rule: "moves-load-balancer",
    when: "its security group may become another one",
    trips: [
      update(
        "aws_lb",
        { security_groups: ["sg-1"] },
        { security_groups: [null] },
        {
          after_unknown: { security_groups: [true] },
        },
      ),
    ],
    says: /can't be assessed before apply: security_groups/,
    level: "caution",
    silent: [
      update(
        "aws_lb",
        { security_groups: ["sg-1"] },
        { security_groups: ["sg-1", null] },
        {
          after_unknown: { security_groups: [false, true] },
        },
      ),
    ],
  },
  {
    rule: "moves-load-balancer",
    when: "a security group is added",
    trips: [update("aws_lb", { security_groups: ["sg-1"] }, { security_groups: ["sg-1", "sg-2"] })],
    says: /^sg-2 also filters its traffic/,
    level: "caution",
    silent: [update("aws_lb", { security_groups: ["sg-1", "sg-2"] }, { security_groups: ["sg-2", "sg-1"] })],
  },
  {
    rule: "moves-load-balancer",
    when: "its addresses change",
    trips: [
      update("aws_lb", { subnet_mapping: [{ allocation_id: "a" }] }, { subnet_mapping: [{ allocation_id: "b" }] }),
    ],
    says: /addresses change/,
    silent: [create("aws_lb", { subnet_mapping: [{ allocation_id: "b" }] })],
  },
  ...["allocation_id", "private_ipv4_address", "ipv6_address", "outpost_id"].map((name): Case => ({
    rule: "moves-load-balancer",
    when: `${name} changes in one of its subnets`,
    trips: [update("aws_lb", mapped({ a: {}, b: { [name]: "x" } }), mapped({ a: {}, b: { [name]: "y" } }))],
    says: /^its addresses change in b$/,
    silent: [update("aws_lb", mapped({ b: { [name]: "x" } }), mapped({ a: {}, b: { [name]: "x" } }))],
  })),
  {
    rule: "moves-load-balancer",
    when: "a subnet is no longer mapped",
    trips: [update("aws_lb", mapped({ a: {}, b: {} }), mapped({ b: {} }))],
    says: /^its addresses change in a$/,
    silent: [update("aws_lb", mapped({ b: {} }), mapped({ a: {}, b: {} }))],
  },
  ...["enable_dns_support", "enable_dns_hostnames"].map((name): Case => ({
    rule: "loses-dns-resolution",
    when: `${name} is turned off`,
    trips: [update("aws_vpc", { [name]: true }, { [name]: false })],
    says: new RegExp(`^${name} is turned off`),
    silent: [update("aws_vpc", { [name]: false }, { [name]: true })],
  })),
];
