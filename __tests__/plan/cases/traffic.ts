import { create, destroy, keep, replace, update } from "../plan-fixture";
import type { Case } from "./case";

const listener = (type: string, target = "one") => ({ default_action: [{ type, target_group_arn: target }] });
const ingress = (port: number, cidr = "0.0.0.0/0", rest: object = {}) => ({
  security_group_id: "sg-1",
  cidr_ipv4: cidr,
  ip_protocol: "tcp",
  from_port: port,
  to_port: port,
  ...rest,
});
const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
const OLD = "aws_security_group_rule";
const opening = (to: object) => ({ security_group_id: "sg", ip_protocol: "tcp", from_port: 443, to_port: 443, ...to });
const out = (to: object) => ({
  type: "egress",
  security_group_id: "sg",
  protocol: "tcp",
  from_port: 443,
  to_port: 443,
  ...to,
});
/** Port of the test listener in these cases. */
const TEST_PORT = 9090;
/** What answers in these cases: two listeners, and tasks behind them. */
const SERVED = [
  keep("aws_lb_listener", { port: 443 }, { name: "production" }),
  keep("aws_lb_listener", { port: TEST_PORT }, { name: "test" }),
  keep("aws_lb_target_group", { port: 8080 }),
];

const moves = (type: string, path: string, before: unknown, after: unknown): Case => ({
  rule: "moves-traffic",
  when: `Terraform changes ${path} of ${type}`,
  trips: [update(type, { [path]: before }, { [path]: after })],
  says: new RegExp(`^${path} is managed by CodeDeploy`),
  silent: [update(type, { [path]: before, tags: {} }, { [path]: before, tags: { a: "b" } })],
});

const changesRoute = (type: string, path: string, before: object, after: object, says: RegExp): Case => ({
  rule: "moves-route",
  when: `${path} of ${type} changes`,
  trips: [update(type, before, after)],
  says: new RegExp(`^${path.replace(".", "\\.")} changes: .*${says.source}`),
  silent: [update(type, { ...before, tags: {} }, { ...before, tags: { a: "b" } })],
});

/** Traffic that is moved or blocked. */
export const TRAFFIC: readonly Case[] = [
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
    when: "where a listener will forward to is not known yet",
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
    when: "what a route will lead to is not known yet",
    trips: [update("aws_route", { nat_gateway_id: "a" }, {}, { after_unknown: { nat_gateway_id: true } })],
    says: /nat_gateway_id changes/,
    // Nothing and an empty text are the same, and what is replaced is lost.
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
    when: "one more security group decides who reaches it",
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
  ...["enable_dns_support", "enable_dns_hostnames"].map((name): Case => ({
    rule: "loses-dns-resolution",
    when: `${name} is turned off`,
    trips: [update("aws_vpc", { [name]: true }, { [name]: false })],
    says: new RegExp(`^${name} is turned off`),
    silent: [update("aws_vpc", { [name]: false }, { [name]: true })],
  })),
  {
    rule: "loses-capacity",
    when: "autoscaling may go to nothing",
    trips: [update("aws_appautoscaling_target", { max_capacity: 4 }, { max_capacity: 0 })],
    says: /^at most 0 tasks/,
    silent: [update("aws_appautoscaling_target", { max_capacity: 4 }, { max_capacity: 6 })],
  },
  {
    rule: "loses-capacity",
    when: "autoscaling may not reach what was the least",
    trips: [
      update("aws_appautoscaling_target", { min_capacity: 4, max_capacity: 8 }, { min_capacity: 4, max_capacity: 3 }),
    ],
    says: /^at most 3 tasks may run, and the minimum was 4$/,
    silent: [
      update("aws_appautoscaling_target", { min_capacity: 4, max_capacity: 4 }, { min_capacity: 4, max_capacity: 8 }),
    ],
  },
  {
    rule: "loses-capacity",
    when: "fewer tasks may run",
    trips: [update("aws_appautoscaling_target", { min_capacity: 4 }, { min_capacity: 2 })],
    says: /^as few as 2 tasks may run, not 4$/,
    level: "caution",
    silent: [update("aws_appautoscaling_target", { min_capacity: 2 }, { min_capacity: 4 })],
  },
  {
    rule: "loses-capacity",
    when: "the service is to run no task",
    trips: [update("aws_ecs_service", { desired_count: 2 }, { desired_count: 0 })],
    says: /no task/,
    silent: [update("aws_ecs_service", { desired_count: 1 }, { desired_count: 2 })],
  },
  ...[443, 8080].map((port): Case => ({
    rule: "closes-ports",
    when: `port ${port} is closed, at which something answers`,
    trips: [destroy(INGRESS, ingress(port)), ...SERVED],
    says: new RegExp(`^port ${port} is closed to 0\\.0\\.0\\.0/0`),
    // Neither what nothing answers at, nor the test listener.
    silent: [destroy(INGRESS, ingress(22)), destroy(INGRESS, ingress(TEST_PORT), { name: "test" }), ...SERVED],
  })),
  {
    rule: "closes-ports",
    when: "nobody here knows at which ports something answers",
    trips: [destroy(INGRESS, ingress(80))],
    says: /^port 80 is closed/,
    silent: [destroy(INGRESS, ingress(TEST_PORT))],
  },
  {
    rule: "closes-ports",
    when: "only some of the callers are let in any more",
    trips: [update(INGRESS, ingress(443), ingress(443, "203.0.113.0/24")), ...SERVED],
    says: /^port 443 is closed to 0\.0\.0\.0\/0/,
    silent: [
      update(INGRESS, ingress(443, "203.0.113.0/24"), ingress(443)),
      update(INGRESS, ingress(443), ingress(443, "", { cidr_ipv4: null }), {
        after_unknown: { cidr_ipv4: true },
        name: "unknown",
      }),
      ...SERVED,
    ],
  },
  {
    rule: "closes-ports",
    when: "a rule is replaced, and nothing lets anybody in meanwhile",
    trips: [replace(INGRESS, ingress(443), ingress(443)), ...SERVED],
    says: /^port 443 is closed/,
    silent: [replace(INGRESS, ingress(443), ingress(443), { actions: ["create", "delete"] }), ...SERVED],
  },
  {
    rule: "closes-ports",
    when: "a rule within a group is gone",
    trips: [
      update(
        "aws_security_group",
        { ingress: [{ cidr_blocks: ["0.0.0.0/0"], protocol: "tcp", from_port: 443, to_port: 443 }] },
        { ingress: [] },
      ),
      ...SERVED,
    ],
    says: /^port 443 is closed/,
    // The group as a whole is another rule's business.
    silent: [
      destroy("aws_security_group", {
        ingress: [{ cidr_blocks: ["0.0.0.0/0"], protocol: "tcp", from_port: 443, to_port: 443 }],
      }),
      ...SERVED,
    ],
  },
  {
    rule: "closes-ports",
    when: "nobody can be called any more",
    trips: [destroy(EGRESS, ingress(443))],
    says: /^0\.0\.0\.0\/0 can no longer be called, at port 443$/,
    silent: [create(EGRESS, ingress(443))],
  },
  {
    rule: "closes-ports",
    when: "a rule of the older kind is destroyed",
    trips: [
      destroy("aws_security_group_rule", {
        type: "egress",
        cidr_blocks: ["10.0.0.0/16"],
        protocol: "-1",
        from_port: 0,
        to_port: 0,
      }),
    ],
    says: /^10\.0\.0\.0\/16 can no longer be called, at every port$/,
    silent: [create("aws_security_group_rule", { type: "egress", cidr_blocks: ["10.0.0.0/16"], protocol: "-1" })],
  },
  ...(
    [
      ["aws_security_group", { egress: [{ cidr_blocks: ["0.0.0.0/0"], protocol: "-1" }] }, { egress: [] }],
      ["aws_default_security_group", { egress: [{ cidr_blocks: ["0.0.0.0/0"], protocol: "-1" }] }, { egress: [] }],
      [EGRESS, opening({ cidr_ipv6: "2001:db8::/32" }), opening({ cidr_ipv6: "2001:db8::/64" })],
      [EGRESS, opening({ prefix_list_id: "pl-1" }), opening({ prefix_list_id: "pl-2" })],
      [EGRESS, opening({ referenced_security_group_id: "sg-1" }), opening({ referenced_security_group_id: "sg-2" })],
      [OLD, out({ ipv6_cidr_blocks: ["::/0"] }), out({ ipv6_cidr_blocks: ["2001:db8::/32"] })],
      [OLD, out({ prefix_list_ids: ["pl-1"] }), out({ prefix_list_ids: ["pl-2"] })],
      [OLD, out({ source_security_group_id: "sg-1" }), out({ source_security_group_id: "sg-2" })],
      [OLD, out({ self: true }), out({ self: false, cidr_blocks: ["10.0.0.0/8"] })],
    ] as const
  ).map(([type, before, after]): Case => ({
    rule: "closes-ports",
    when: `${type} no longer lets out ${JSON.stringify(before)}`,
    trips: [update(type, before, after)],
    says: /can no longer be called/,
    silent: [update(type, before, { ...before, description: "x" })],
  })),
];
