import { create, destroy, keep, replace, update } from "../plan-fixture";
import type { Case } from "./case";

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
/** Two listeners, and tasks behind them. */
const SERVED = [
  keep("aws_lb_listener", { port: 443 }, { name: "production" }),
  keep("aws_lb_listener", { port: TEST_PORT }, { name: "test" }),
  keep("aws_lb_target_group", { port: 8080 }),
];

/** Security groups that allow less. */
export const CLOSED_PORTS: readonly Case[] = [
  ...[443, 8080].map((port): Case => ({
    rule: "closes-ports",
    when: `port ${port}, which is in use, is closed`,
    trips: [destroy(INGRESS, ingress(port)), ...SERVED],
    says: new RegExp(`^port ${port} is closed to 0\\.0\\.0\\.0/0`),
    // Neither an unused port nor the test listener.
    silent: [destroy(INGRESS, ingress(22)), destroy(INGRESS, ingress(TEST_PORT), { name: "test" }), ...SERVED],
  })),
  {
    rule: "closes-ports",
    when: "the ports of the service are not known",
    trips: [destroy(INGRESS, ingress(80))],
    says: /^port 80 is closed/,
    silent: [destroy(INGRESS, ingress(TEST_PORT))],
  },
  {
    rule: "closes-ports",
    when: "the port of a listener is not known",
    trips: [destroy(INGRESS, ingress(22)), keep("aws_lb_listener", {})],
    says: /^port 22 is closed/,
    // Terraform no longer manages it, but it stays.
    silent: [destroy(INGRESS, ingress(443), { actions: ["forget"] }), ...SERVED],
  },
  {
    rule: "closes-ports",
    when: "a range that begins with the port of the test listener is closed",
    trips: [destroy(INGRESS, ingress(TEST_PORT, "0.0.0.0/0", { to_port: TEST_PORT + 9 }))],
    says: /^the range of ports from 9090 to 9099 is closed/,
    // The port of something that the load balancer doesn't serve.
    silent: [destroy(INGRESS, ingress(22)), keep("aws_db_instance", { port: 22 }), ...SERVED],
  },
  {
    rule: "closes-ports",
    when: "the allowed sources are narrowed",
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
    when: "a rule is destroyed before its replacement is created",
    trips: [replace(INGRESS, ingress(443), ingress(443)), ...SERVED],
    says: /^port 443 is closed/,
    silent: [replace(INGRESS, ingress(443), ingress(443), { actions: ["create", "delete"] }), ...SERVED],
  },
  {
    rule: "closes-ports",
    when: "a rule within a group is removed",
    trips: [
      update(
        "aws_security_group",
        { ingress: [{ cidr_blocks: ["0.0.0.0/0"], protocol: "tcp", from_port: 443, to_port: 443 }] },
        { ingress: [] },
      ),
      ...SERVED,
    ],
    says: /^port 443 is closed/,
    // Another rule reports the group as a whole.
    silent: [
      destroy("aws_security_group", {
        ingress: [{ cidr_blocks: ["0.0.0.0/0"], protocol: "tcp", from_port: 443, to_port: 443 }],
      }),
      ...SERVED,
    ],
  },
  {
    rule: "closes-ports",
    when: "outgoing calls are no longer allowed",
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
    when: `${type} no longer allows egress ${JSON.stringify(before)}`,
    trips: [update(type, before, after)],
    says: /can no longer be called/,
    silent: [update(type, before, { ...before, description: "x" })],
  })),
];
