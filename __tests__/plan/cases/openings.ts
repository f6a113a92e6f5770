import { create, destroy, update } from "../plan-fixture";
import type { Case } from "./case";

const INGRESS = "aws_vpc_security_group_ingress_rule";
/** Port of the test listener in these cases. */
export const TEST_PORT = 9090;
const ingress = (cidr: string, port: number, rest: object = {}) => ({
  security_group_id: "sg-1",
  cidr_ipv4: cidr,
  ip_protocol: "tcp",
  from_port: port,
  to_port: port,
  ...rest,
});

/** What opens a security group. */
export const OPENINGS: readonly Case[] = [
  {
    rule: "door-opened",
    when: "a port is opened to the world",
    trips: [create(INGRESS, ingress("0.0.0.0/0", 22))],
    says: /port 22 is opened to 0\.0\.0\.0\/0, the world/,
    silent: [
      update(INGRESS, ingress("0.0.0.0/0", 80, { description: "a" }), ingress("0.0.0.0/0", 80, { description: "b" })),
    ],
  },
  {
    rule: "door-opened",
    when: "half of the world is let in by IPv6 or IPv4",
    trips: [create(INGRESS, { ...ingress("0.0.0.0/1", 22), cidr_ipv6: "::/0" })],
    says: /the world/,
    silent: [destroy(INGRESS, ingress("0.0.0.0/0", 22))],
  },
  {
    rule: "door-opened",
    when: "the world reaches the test listener, be its group new or not",
    trips: [create(INGRESS, ingress("0.0.0.0/0", TEST_PORT), { after_unknown: { security_group_id: true } })],
    says: /not yet released/,
    silent: [create(INGRESS, ingress("10.0.0.0/16", TEST_PORT), { after_unknown: { security_group_id: true } })],
  },
  {
    rule: "door-opened",
    when: "another range reaches the test listener",
    trips: [create(INGRESS, ingress("203.0.113.0/24", TEST_PORT))],
    says: /not yet released/,
    silent: [destroy(INGRESS, ingress("203.0.113.0/24", TEST_PORT))],
  },
  {
    rule: "door-opened",
    when: "a new group has a front door",
    trips: [create(INGRESS, ingress("0.0.0.0/0", 80), { after_unknown: { security_group_id: true } })],
    says: /the world/,
    level: "caution",
    silent: [create("aws_security_group", {}, { after_unknown: { ingress: true } })],
  },
  {
    rule: "door-opened",
    when: "a range becomes wider",
    trips: [update(INGRESS, ingress("203.0.113.0/28", 80), ingress("203.0.113.0/24", 80))],
    says: /opened wider: to 203\.0\.113\.0\/24 instead of 203\.0\.113\.0\/28/,
    silent: [update(INGRESS, ingress("203.0.113.0/24", 80), ingress("203.0.113.0/28", 80))],
  },
  {
    rule: "door-opened",
    when: "another range is let in",
    trips: [create(INGRESS, ingress("203.0.113.0/24", 80))],
    says: /opened to 203/,
    level: "caution",
    silent: [destroy(INGRESS, ingress("203.0.113.0/24", 80))],
  },
  {
    rule: "door-opened",
    when: "a rule within a group lets the world in",
    trips: [
      update(
        "aws_security_group",
        { ingress: [] },
        { ingress: [{ cidr_blocks: ["0.0.0.0/0"], protocol: "-1", from_port: 0, to_port: 0 }] },
      ),
    ],
    says: /not yet released/,
    silent: [update("aws_security_group", { egress: [] }, { egress: [{ cidr_blocks: ["0.0.0.0/0"] }] })],
  },
  {
    rule: "door-opened",
    when: "who is let in is not known yet",
    trips: [create(INGRESS, ingress("", 80), { after_unknown: { cidr_ipv4: true } })],
    says: /cannot tell until apply/,
    level: "caution",
    silent: [create(INGRESS, ingress("", 80), { after_unknown: { referenced_security_group_id: true } })],
  },
];
