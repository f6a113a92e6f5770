import { create, destroy, keep, replace, update, type ResourceChange } from "../plan-fixture";
import type { Case } from "./case";

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
const RULE = "security-ingress-opened";
/** Port of the test listener in these cases. */
export const TEST_PORT = 9090;
/** An existing rule of a security group with one source. */
const from = (source: object, port: number, rest: object = {}) => ({
  security_group_id: "sg-1",
  ip_protocol: "tcp",
  from_port: port,
  to_port: port,
  ...source,
  ...rest,
});
const ingress = (cidr: string, port: number, rest: object = {}) => from({ cidr_ipv4: cidr }, port, rest);
/** The same plan creates the group of the rule. */
const NEW_GROUP = { after_unknown: { security_group_id: true } };
const inline = (...rules: readonly object[]) => ({
  ingress: rules.map((rule) => ({ protocol: "tcp", from_port: 22, to_port: 22, ...rule })),
});
const olderRule = (values: object) => ({
  security_group_id: "sg-1",
  type: "ingress",
  protocol: "tcp",
  from_port: 22,
  to_port: 22,
  ...values,
});

const opens = (when: string, trip: ResourceChange, says: RegExp, ...silent: readonly ResourceChange[]): Case => ({
  rule: RULE,
  when,
  trips: [trip],
  says,
  silent: silent.length > 0 ? silent : [destroy(trip.type, trip.change.after)],
});
const doubts = (
  when: string,
  trips: readonly ResourceChange[],
  says: RegExp,
  silent: readonly ResourceChange[],
): Case => ({
  rule: RULE,
  when,
  trips,
  says,
  level: "caution",
  silent,
});

/** The internet, and nearly all of it. */
const TO_THE_WORLD: readonly Case[] = [
  opens(
    "a port is opened to the world",
    create(INGRESS, ingress("0.0.0.0/0", 22)),
    /^port 22 is opened to 0\.0\.0\.0\/0, the internet$/,
    update(INGRESS, ingress("0.0.0.0/0", 80, { description: "a" }), ingress("0.0.0.0/0", 80, { description: "b" })),
  ),
  opens(
    "half of the world is let in by IPv6 or IPv4",
    create(INGRESS, { ...ingress("0.0.0.0/1", 22), cidr_ipv6: "::/0" }),
    /0\.0\.0\.0\/1, the internet[^]*::\/0, the internet/,
  ),
  opens(
    "the world reaches the test listener, be its group new or not",
    create(INGRESS, ingress("0.0.0.0/0", TEST_PORT), NEW_GROUP),
    /the internet: versions that are not released yet can be reached there$/,
    create(INGRESS, ingress("10.0.0.0/16", TEST_PORT), NEW_GROUP),
  ),
  opens(
    "the world may ping: that has no ports, and is not the test listener",
    create(INGRESS, ingress("0.0.0.0/0", -1, { ip_protocol: "icmp" })),
    /^ICMP is opened to 0\.0\.0\.0\/0, the internet$/,
  ),
  doubts(
    "a new group has a front door",
    [create(INGRESS, ingress("0.0.0.0/0", 80), NEW_GROUP)],
    /^port 80 is opened to 0\.0\.0\.0\/0, the internet$/,
    [create("aws_security_group", {}, { after_unknown: { ingress: true } })],
  ),
];

/** Access to versions that are not released. */
const TO_THE_TEST_LISTENER: readonly Case[] = [
  ...[
    { cidr_ipv4: "203.0.113.0/24" },
    { cidr_ipv4: "10.0.0.0/16" },
    { cidr_ipv6: "2001:db8::/32" },
    { prefix_list_id: "pl-1" },
    { referenced_security_group_id: "sg-9" },
  ].map((source) =>
    opens(
      `the test listener is opened to ${JSON.stringify(source)}`,
      create(INGRESS, from(source, TEST_PORT)),
      new RegExp(`^port 9090 is opened to ${Object.values(source).join()}: versions that are not released yet`),
      create("aws_security_group", {
        ingress: [{ protocol: "tcp", from_port: TEST_PORT, to_port: TEST_PORT, security_groups: ["sg-9"] }],
      }),
    ),
  ),
  opens(
    "a group that is made in the same plan reaches the test listener",
    create(INGRESS, from({}, TEST_PORT), { after_unknown: { referenced_security_group_id: true } }),
    /^port 9090 is opened to a group that this plan creates: versions that are not released yet/,
    create(INGRESS, from({}, TEST_PORT), {
      after_unknown: { referenced_security_group_id: true, security_group_id: true },
    }),
  ),
  opens(
    "the test listener's IPv6 range becomes wider",
    update(INGRESS, from({ cidr_ipv6: "2001:db8::/48" }, TEST_PORT), from({ cidr_ipv6: "2001:db8::/32" }, TEST_PORT)),
    /2001:db8::\/32: versions that are not released yet/,
    update(INGRESS, from({ cidr_ipv6: "2001:db8::/32" }, TEST_PORT), from({ cidr_ipv6: "2001:db8:1::/48" }, TEST_PORT)),
  ),
  opens(
    "the port of the test listener lies in what is opened",
    create(INGRESS, ingress("203.0.113.0/24", 9000, { to_port: 9100 })),
    /^the range of ports from 9000 to 9100 is opened to .*not released yet/,
    destroy(INGRESS, ingress("203.0.113.0/24", 9000, { to_port: 9100 })),
  ),
  opens(
    "every protocol is let in, so the test listener's as well",
    create(INGRESS, from({ cidr_ipv4: "203.0.113.0/24" }, 0, { ip_protocol: "-1", from_port: null, to_port: null })),
    /^every port is opened to .*not released yet/,
  ),
  {
    ...opens(
      "the group of the test listener's rule is replaced, and not a new one",
      create(INGRESS, ingress("203.0.113.0/24", TEST_PORT), NEW_GROUP),
      /not released yet/,
    ),
    trips: [create(INGRESS, ingress("203.0.113.0/24", TEST_PORT), NEW_GROUP), replace("aws_security_group")],
    silent: [create(INGRESS, ingress("10.0.0.0/24", TEST_PORT), NEW_GROUP), create("aws_security_group")],
  },
  doubts(
    "in a new group the test listener is reached from outside, for so it is configured",
    [create(INGRESS, ingress("203.0.113.0/24", TEST_PORT), NEW_GROUP)],
    /versions that are not released yet/,
    [create(INGRESS, ingress("203.0.113.0/24", 80), NEW_GROUP)],
  ),
];

const RANGE_SOURCES: readonly object[] = [
  { cidr_ipv4: "203.0.113.0/24" },
  { cidr_ipv6: "2001:db8::/32" },
  { cidr_blocks: ["203.0.113.0/24"] },
  { ipv6_cidr_blocks: ["2001:db8::/32"] },
  { prefix_list_id: "pl-1" },
  { prefix_list_ids: ["pl-1"] },
];
const GROUP_SOURCES: readonly object[] = [
  { referenced_security_group_id: "sg-9" },
  { source_security_group_id: "sg-9" },
  { security_groups: ["sg-9"] },
  { self: true },
];

/** Security groups that allow more. */
export const OPENED_PORTS: readonly Case[] = [
  ...(
    [
      ["every port", { from_port: null, to_port: null }],
      ["port 0", { from_port: 0, to_port: 0 }],
      ["port 1", { from_port: 1, to_port: 1 }],
      ["the range of ports from 0 to 10", { from_port: 0, to_port: 10 }],
      ["the range of ports from 10 to 65535", { from_port: 10, to_port: 65_535 }],
      ["ICMP", { ip_protocol: "58", from_port: -1, to_port: -1 }],
    ] as const
  ).map(([what, ports]) =>
    opens(
      `${what} is opened, and the other kinds of source are empty`,
      create(INGRESS, ingress("0.0.0.0/0", 22, { cidr_ipv6: "", ...ports })),
      new RegExp(`^${what} is opened to 0\\.0\\.0\\.0/0, the internet`),
    ),
  ),
  doubts(
    "a rule admits a group of the same plan instead of another one",
    [
      update(INGRESS, from({ referenced_security_group_id: "sg-9" }, 22), from({}, 22), {
        after_unknown: { referenced_security_group_id: true },
      }),
    ],
    /^port 22 is opened to a group that this plan creates$/,
    [update(INGRESS, from({ referenced_security_group_id: "sg-9" }, 22), from({}, 22))],
  ),
  doubts(
    "the world reaches a new group, and another group of the plan stays",
    [create(INGRESS, ingress("0.0.0.0/0", 22), NEW_GROUP), keep("aws_security_group"), replace("aws_lb")],
    /^port 22 is opened to 0\.0\.0\.0\/0, the internet$/,
    [keep("aws_security_group")],
  ),
  ...TO_THE_WORLD,
  ...TO_THE_TEST_LISTENER,
  ...RANGE_SOURCES.map((source) =>
    opens(
      `port 22 is opened to ${JSON.stringify(source)}`,
      create(INGRESS, from(source, 22)),
      /^port 22 is opened to (203\.0\.113\.0\/24|2001:db8::\/32|pl-1)$/,
      create(INGRESS, from(source, 22), NEW_GROUP),
    ),
  ),
  ...GROUP_SOURCES.map((source) =>
    doubts(
      `port 22 is opened to a group of one's own: ${JSON.stringify(source)}`,
      [create(INGRESS, from(source, 22))],
      /^port 22 is opened to (sg-9|the group itself)$/,
      [create(INGRESS, from(source, 22), NEW_GROUP)],
    ),
  ),
  ...[inline({ cidr_blocks: ["10.0.0.0/8"] })].flatMap((after) => [
    opens(
      "a rule within a group lets somebody in",
      update("aws_security_group", inline(), after),
      /^port 22 is opened to 10\.0\.0\.0\/8$/,
      create("aws_security_group", after),
    ),
    opens(
      "the VPC's default group lets somebody in",
      update("aws_default_security_group", inline(), after),
      /^port 22 is opened to 10\.0\.0\.0\/8$/,
      update("aws_default_security_group", after, inline()),
    ),
    opens(
      "the VPC's default group is adopted with an open door",
      create("aws_default_security_group", after),
      /^port 22 is opened to 10\.0\.0\.0\/8$/,
      create("aws_default_security_group", inline(), { after_unknown: { ingress: [] } }),
    ),
  ]),
  opens(
    "a rule of the older kind lets somebody in",
    create("aws_security_group_rule", olderRule({ cidr_blocks: ["203.0.113.0/24"] })),
    /^port 22 is opened to 203/,
    create("aws_security_group_rule", olderRule({ cidr_blocks: ["203.0.113.0/24"], type: "egress" })),
  ),
  ...(
    [
      ["6", "tcp"],
      ["17", "udp"],
      ["1", "icmp"],
      ["58", "icmpv6"],
      ["all", "-1"],
    ] as const
  ).map(([number, name]) =>
    opens(
      `protocol ${number} is let in where ${name} was for fewer`,
      update(
        INGRESS,
        ingress("203.0.113.0/25", 22, { ip_protocol: name }),
        ingress("203.0.113.0/24", 22, { ip_protocol: number }),
      ),
      /opened (wider: )?to 203\.0\.113\.0\/24/,
      update(
        INGRESS,
        ingress("203.0.113.0/24", 22, { ip_protocol: name }),
        ingress("203.0.113.0/24", 22, { ip_protocol: number }),
      ),
    ),
  ),
  opens(
    "every protocol is let in by its other name",
    create(INGRESS, ingress("203.0.113.0/24", 22, { ip_protocol: "all" })),
    /^every port is opened to/,
  ),
  opens(
    "TCP is let in where UDP was",
    update(INGRESS, ingress("203.0.113.0/24", 22, { ip_protocol: "udp" }), ingress("203.0.113.0/24", 22)),
    /^port 22 is opened/,
    update(INGRESS, ingress("203.0.113.0/24", 22, { ip_protocol: "-1" }), ingress("203.0.113.0/24", 22)),
  ),
  opens(
    "a range becomes wider",
    update(INGRESS, ingress("203.0.113.0/28", 80), ingress("203.0.113.0/24", 80)),
    /^port 80 is opened wider: to 203\.0\.113\.0\/24 instead of 203\.0\.113\.0\/28$/,
    update(INGRESS, ingress("203.0.113.0/24", 80), ingress("203.0.113.0/28", 80)),
  ),
  opens(
    "more ports are opened to the same range",
    update(INGRESS, ingress("203.0.113.0/24", 80), ingress("203.0.113.0/24", 80, { to_port: 8443 })),
    /^the range of ports from 80 to 8443 is opened to 203\.0\.113\.0\/24$/,
    update(INGRESS, ingress("203.0.113.0/24", 80, { to_port: 8443 }), ingress("203.0.113.0/24", 80)),
  ),
  opens(
    "somebody is let in for certain, whoever else will be",
    update("aws_security_group", inline(), inline({ cidr_blocks: ["0.0.0.0/0"], security_groups: [] }), {
      after_unknown: { ingress: [{ security_groups: [false], prefix_list_ids: false }] },
    }),
    /^port 22 is opened to 0\.0\.0\.0\/0, the internet$/,
    update("aws_security_group", { egress: [] }, { egress: [{ cidr_blocks: ["0.0.0.0/0"], protocol: "-1" }] }),
  ),
  {
    ...opens(
      "a danger is certain, and something else is not known yet",
      update("aws_security_group", inline(), inline({ cidr_blocks: ["0.0.0.0/0", null] }), {
        after_unknown: { ingress: [{ cidr_blocks: [false, true] }] },
      }),
      /0\.0\.0\.0\/0, the internet[^]*can't be assessed before apply: cidr_blocks/,
      update("aws_security_group", inline(), inline(), { after_unknown: { tags: true } }),
    ),
    level: "both",
  },
  ...["cidr_ipv4", "from_port", "to_port", "ip_protocol", "prefix_list_id"].map((name) =>
    doubts(
      `${name} is not known yet`,
      [create(INGRESS, from({ [name]: null }, 80, { [name]: null }), { after_unknown: { [name]: true } })],
      new RegExp(`can't be assessed before apply: ${name}`),
      [destroy(INGRESS, from({}, 80))],
    ),
  ),
  doubts(
    "protocol is not known yet, within a group",
    [
      update("aws_security_group", inline(), inline({ cidr_blocks: ["203.0.113.0/24"], protocol: null }), {
        after_unknown: { ingress: [{ protocol: true }] },
      }),
    ],
    /^can't be assessed before apply: protocol is not known yet$/,
    [destroy("aws_security_group", inline())],
  ),
  doubts(
    "what a group will let in is not known at all",
    [update("aws_security_group", inline(), {}, { after_unknown: { ingress: true } })],
    /can't be assessed before apply: ingress/,
    [create("aws_security_group", {}, { after_unknown: { ingress: true } })],
  ),
  {
    rule: "security-egress-opened",
    when: "a group allows all egress to the internet",
    trips: [create(EGRESS, from({ cidr_ipv4: "0.0.0.0/0" }, 443))],
    says: /^port 443 of 0\.0\.0\.0\/0, the internet, can be called$/,
    level: "caution",
    silent: [
      create(EGRESS, from({ cidr_ipv4: "10.0.0.0/16" }, 443)),
      create(EGRESS, from({ cidr_ipv4: "0.0.0.0/0" }, 443), { ...NEW_GROUP, name: "new" }),
    ],
  },
];
