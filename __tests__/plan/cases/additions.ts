import { create, destroy, keep, policy, replace, update } from "../plan-fixture";
import type { Case } from "./case";
import { TEST_PORT } from "./opened-ports";

const RULE = "aws_lb_listener_rule";
const TARGET_GROUP = "aws_lb_target_group";
const LISTENER = "arn:listener";
const path = (...values: readonly string[]) => [{ path_pattern: [{ values }], host_header: [] }];
const rule = (priority: number, condition: unknown = path("/*"), type = "fixed-response") => ({
  listener_arn: LISTENER,
  ...{ priority, condition, action: [{ type }] },
});
/** A rule that forwards to a target group: one with this ARN, or one that the same plan creates. */
const forwarding = (arn?: string): [object, object] => [
  { ...rule(10, path("/a")), action: [{ type: "forward", forward: [{ target_group: [{ weight: 100, arn }] }] }] },
  arn === undefined ? { after_unknown: { action: [{ forward: [{ target_group: [{ arn: true }] }] }] } } : {},
];
/** The same in the short form. */
const forwardingShort = (arn?: string, ...before: readonly object[]): [object, object] => [
  { ...rule(10, path("/a")), action: [...before, { type: "forward", target_group_arn: arn, forward: [] }] },
  arn === undefined ? { after_unknown: { action: [...before.map(() => ({})), { target_group_arn: true }] } } : {},
];
const LOGIN = { type: "authenticate-oidc" };
const listener = (port: number) => keep("aws_lb_listener", { arn: LISTENER, port });
const route = (destination_cidr_block: string, rest: object = {}) => ({
  route_table_id: "rtb-1",
  destination_cidr_block,
  ...rest,
});
const DEFAULT_ROUTE = keep("aws_route", route("0.0.0.0/0"), { name: "default" });
const routeToList = (destination_prefix_list_id: string) => ({ route_table_id: "rtb-1", destination_prefix_list_id });
const NOTHING_KNOWN = (attribute: string) => ({ after_unknown: { [attribute]: true } });

const ACL = "aws_network_acl";
const ACL_RULE = "aws_network_acl_rule";
const entry = (action: string, rest: object = {}) => ({
  ...{ action, rule_no: 100, protocol: "-1", cidr_block: "0.0.0.0/0", from_port: 0, to_port: 0 },
  ...rest,
});
const single = (rule_action: string, rest: object = {}) => ({
  ...{ network_acl_id: "acl-1", rule_action, rule_number: 50, protocol: "6", cidr_block: "0.0.0.0/0" },
  ...{ from_port: 443, to_port: 443, egress: false },
  ...rest,
});
const both = (...entries: readonly object[]) => ({ ingress: entries, egress: [entry("allow")] });

const DENY = { Effect: "Deny", Action: "s3:*", Resource: "*", Principal: "*" };
const INSECURE = { ...DENY, Condition: { Bool: { "aws:SecureTransport": "false" } } };
const bucket = (...statements: readonly object[]) => ({ bucket: "logs", policy: policy(...statements) });
const rights = (...statements: readonly object[]) => ({ role: "tasks", policy: policy(...statements) });

/** New resources that take something away from existing ones. */
export const ADDITIONS: readonly Case[] = [
  {
    rule: "adds-listener-rule",
    when: "a rule is added to a listener that stays",
    trips: [listener(443), create(RULE, rule(1))],
    says: /^requests for \/\* are no longer handled by the default action, but by fixed-response: CodeDeploy/,
    silent: [create(RULE, { ...rule(1), listener_arn: null }, NOTHING_KNOWN("listener_arn"))],
  },
  {
    rule: "adds-listener-rule",
    when: "it forwards a part of the requests, and no rule before it takes them",
    trips: [keep(RULE, rule(5, path("/b")), { name: "other" }), create(RULE, rule(10, path("/a"), "forward"))],
    says: /^requests for \/a are no longer handled by/,
    silent: [keep(RULE, rule(5, path("/a")), { name: "other" }), create(RULE, rule(10, path("/a"), "forward"))],
  },
  {
    rule: "adds-listener-rule",
    when: "the listener is the test listener",
    trips: [listener(TEST_PORT), create(RULE, rule(1))],
    says: /on the test listener: checks of new versions get other responses$/,
    level: "caution",
    silent: [listener(TEST_PORT), keep(RULE, rule(1))],
  },
  {
    rule: "adds-listener-rule",
    when: "a new service takes its requests from a listener of another owner",
    trips: [create(TARGET_GROUP, { name: "a" }, NOTHING_KNOWN("arn")), create(RULE, ...forwarding())],
    says: /^requests for \/a go to its target groups, on a listener of another owner/,
    level: "caution",
    silent: [keep(TARGET_GROUP, { arn: "arn:a" }), keep(RULE, ...forwarding("arn:a"))],
  },
  {
    rule: "adds-listener-rule",
    when: "the target group of another owner gets them",
    trips: [keep(TARGET_GROUP, { arn: "arn:b" }), create(RULE, ...forwarding("arn:a"))],
    says: /CodeDeploy doesn't shift them/,
    silent: [keep(RULE, ...forwarding("arn:a"))],
  },
  {
    rule: "adds-listener-rule",
    when: "a target group of the stack gets them on a listener of the stack",
    trips: [listener(443), keep(TARGET_GROUP, { arn: "arn:a" }), create(RULE, ...forwarding("arn:a"))],
    says: /CodeDeploy doesn't shift them/,
    silent: [listener(443), keep(RULE, ...forwarding("arn:a"))],
  },
  ...(
    [
      ["in the short form", create(TARGET_GROUP, { name: "a" }, NOTHING_KNOWN("arn")), forwardingShort()],
      ["that stays, in the short form", keep(TARGET_GROUP, { arn: "arn:a" }), forwardingShort("arn:a")],
      ["after a login", keep(TARGET_GROUP, { arn: "arn:a" }), forwardingShort("arn:a", LOGIN)],
    ] as const
  ).map(([when, group, [after, rest]]): Case => ({
    rule: "adds-listener-rule",
    when: `a listener of another owner forwards to a target group ${when}`,
    trips: [group, create(RULE, after, rest)],
    says: /^requests for \/a go to its target groups, on a listener of another owner/,
    level: "caution",
    silent: [group, keep(RULE, after)],
  })),
  {
    rule: "adds-listener-rule",
    when: "the target group of another owner gets them, in the short form",
    trips: [keep(TARGET_GROUP, { arn: "arn:b" }), create(RULE, ...forwardingShort("arn:a"))],
    says: /CodeDeploy doesn't shift them/,
    silent: [keep(RULE, ...forwardingShort("arn:a"))],
  },
  ...(
    [
      ["another listener has the same rule", { listener_arn: "arn:other" }],
      ["the same rule comes after it", { priority: 11 }],
      ["the same rule has no lower priority", { priority: 10 }],
    ] as const
  ).map(([when, rest]): Case => ({
    rule: "adds-listener-rule",
    when,
    trips: [
      keep(RULE, { ...rule(5, path("/a")), ...rest }, { name: "other" }),
      create(RULE, rule(10, path("/a"), "forward")),
    ],
    says: /^requests for \/a are no longer handled by/,
    silent: [update(RULE, rule(10, path("/a")), rule(11, path("/a")))],
  })),
  {
    rule: "adds-listener-rule",
    when: "the same rule before it changes",
    trips: [
      update(RULE, rule(20, path("/a")), rule(5, path("/a")), { name: "other" }),
      create(RULE, rule(10, path("/a"))),
    ],
    says: /^requests for \/a are no longer handled by/,
    silent: [keep(RULE, rule(9, path("/a")), { name: "other" }), create(RULE, rule(10, path("/a")))],
  },
  {
    rule: "adds-listener-rule",
    when: "it has no condition, and the test listener is another one",
    trips: [keep("aws_lb_listener", { arn: "arn:other", port: TEST_PORT }), create(RULE, rule(1, []))],
    says: /^requests are no longer handled by the default action, but by fixed-response: CodeDeploy/,
    silent: [keep("aws_lb_listener", { arn: "arn:other", port: TEST_PORT }), destroy(RULE, rule(1))],
  },
  {
    rule: "adds-listener-rule",
    when: "one of two target groups of the stack gets requests from a listener of another owner",
    trips: [
      keep(TARGET_GROUP, { arn: "arn:a" }, { name: "a" }),
      keep(TARGET_GROUP, { arn: "arn:b" }, { name: "b" }),
      create(RULE, ...forwarding("arn:a")),
    ],
    says: /on a listener of another owner: check that no other service gets them$/,
    level: "caution",
    silent: [keep(TARGET_GROUP, { arn: "arn:a" }), destroy(RULE, ...forwarding("arn:a"))],
  },
  {
    rule: "adds-listener-rule",
    when: "a target group that is replaced gets requests from a listener of another owner",
    trips: [
      keep(TARGET_GROUP, { arn: "arn:b" }, { name: "b" }),
      replace(TARGET_GROUP, { arn: "arn:a" }),
      create(RULE, ...forwarding()),
    ],
    says: /on a listener of another owner/,
    level: "caution",
    silent: [replace(TARGET_GROUP, { arn: "arn:a" })],
  },
  {
    rule: "adds-listener-rule",
    when: "the target group is not known yet, and none of the stack is new",
    trips: [keep(TARGET_GROUP, { arn: "arn:a" }), create("aws_lb"), create(RULE, ...forwarding())],
    says: /CodeDeploy doesn't shift them/,
    silent: [keep(TARGET_GROUP, { arn: "arn:a" }), create("aws_lb")],
  },
  {
    rule: "adds-listener-rule",
    when: "the stack and another owner share the requests",
    trips: [
      keep(TARGET_GROUP, { arn: "arn:a" }),
      create(RULE, {
        ...rule(10),
        action: [{ type: "forward", forward: [{ target_group: [{ arn: "arn:a" }, { arn: "arn:b" }] }] }],
      }),
    ],
    says: /CodeDeploy doesn't shift them/,
    silent: [keep(TARGET_GROUP, { arn: "arn:a" })],
  },
  {
    rule: "adds-route",
    when: "a narrower route takes public addresses from an existing one",
    trips: [DEFAULT_ROUTE, create("aws_route", route("52.0.0.0/8"))],
    says: /^traffic to 52\.0\.0\.0\/8 takes the new route instead of that to 0\.0\.0\.0\/0/,
    silent: [
      DEFAULT_ROUTE,
      create("aws_route", route("52.0.0.0/8", { route_table_id: null }), NOTHING_KNOWN("route_table_id")),
    ],
  },
  {
    rule: "adds-route",
    when: "a narrower route leads to another private network",
    trips: [DEFAULT_ROUTE, create("aws_route", route("10.9.0.0/16"))],
    says: /^traffic to 10\.9\.0\.0\/16 takes the new route/,
    level: "caution",
    silent: [DEFAULT_ROUTE],
  },
  {
    rule: "adds-route",
    when: "a route is added for addresses that had none",
    trips: [create("aws_route", route("0.0.0.0/0"))],
    says: /^traffic to 0\.0\.0\.0\/0 gets a new route$/,
    level: "caution",
    silent: [destroy("aws_route", route("0.0.0.0/0"))],
  },
  ...(
    [
      ["another table", route("0.0.0.0/0", { route_table_id: "rtb-2" }), route("52.0.0.0/8"), "52.0.0.0/8"],
      ["the same addresses", route("52.0.0.0/8"), route("52.0.0.0/8"), "52.0.0.0/8"],
      ["other addresses", route("10.0.0.0/8"), route("52.0.0.0/8"), "52.0.0.0/8"],
      ["another prefix list", routeToList("pl-2"), routeToList("pl-1"), "pl-1"],
      ["all addresses", route("0.0.0.0/0"), { route_table_id: "rtb-1" }, "a destination that is not known yet"],
    ] as const
  ).map(([when, before, after, to]): Case => ({
    rule: "adds-route",
    when: `the route to ${to} is added beside one for ${when}`,
    trips: [destroy("aws_route", before, { name: "old" }), create("aws_route", after)],
    says: new RegExp(`^traffic to ${to} gets a new route$`),
    level: "caution",
    silent: [update("aws_route", before, after)],
  })),
  ...(
    [
      [
        "a prefix list",
        DEFAULT_ROUTE,
        routeToList("pl-1"),
        /^traffic to pl-1 takes .* instead of that to 0\.0\.0\.0\/0$/,
      ],
      [
        "IPv6 addresses",
        keep("aws_route", { route_table_id: "rtb-1", destination_ipv6_cidr_block: "::/0" }, { name: "default" }),
        { route_table_id: "rtb-1", destination_ipv6_cidr_block: "2600::/32" },
        /^traffic to 2600::\/32 takes .* instead of that to ::\/0$/,
      ],
    ] as const
  ).map(([what, existing, added, says]): Case => ({
    rule: "adds-route",
    when: `a route for ${what} takes traffic from the default route`,
    trips: [existing, create("aws_route", added)],
    says,
    silent: [existing, destroy("aws_route", added)],
  })),
  {
    rule: "adds-endpoint",
    when: "an endpoint takes the name of a service in a network that stays",
    trips: [create("aws_vpc_endpoint", { vpc_id: "vpc-1", service_name: "logs", private_dns_enabled: true })],
    says: /^calls to logs use it from now on/,
    level: "caution",
    silent: [
      create("aws_vpc_endpoint", { private_dns_enabled: true }, NOTHING_KNOWN("vpc_id")),
      create("aws_vpc_endpoint", { vpc_id: "vpc-1", private_dns_enabled: false }, { name: "other" }),
    ],
  },
  {
    rule: "adds-endpoint",
    when: "an endpoint takes routes of a network that stays",
    trips: [create("aws_vpc_endpoint", { vpc_id: "vpc-1", service_name: "s3", route_table_ids: ["rtb-1"] })],
    says: /^calls to s3 use it/,
    level: "caution",
    silent: [create("aws_vpc_endpoint", { vpc_id: "vpc-1", service_name: "s3", route_table_ids: [] })],
  },
  {
    rule: "adds-firewall",
    when: "a firewall is added to an existing load balancer",
    trips: [create("aws_wafv2_web_acl_association", { resource_arn: "arn:lb" })],
    says: /^a firewall filters its requests/,
    level: "caution",
    silent: [create("aws_wafv2_web_acl_association", {}, NOTHING_KNOWN("resource_arn"))],
  },

  {
    rule: "closes-subnet",
    when: "a network ACL denies something new",
    trips: [
      update(ACL, both(entry("allow")), both(entry("deny", { rule_no: 50, cidr_block: "10.0.0.0/8" }), entry("allow"))),
    ],
    says: /^ingress of 10\.0\.0\.0\/8, every protocol is denied$/,
    silent: [update(ACL, both(entry("deny", { rule_no: 50 }), entry("allow")), both(entry("allow")))],
  },
  {
    rule: "closes-subnet",
    when: "a network ACL allows less",
    trips: [
      update(
        "aws_default_network_acl",
        { ...both(entry("allow")), subnet_ids: ["subnet-1"] },
        both(entry("allow", { protocol: "6", from_port: 443, to_port: 443 })),
      ),
    ],
    says: /is no longer allowed$/,
    silent: [update(ACL, both(entry("allow", { cidr_block: "10.0.0.0/8" })), both(entry("allow")))],
  },
  {
    rule: "closes-subnet",
    when: "a new network ACL takes subnets that stay, and doesn't allow everything",
    trips: [
      create(ACL, {
        subnet_ids: ["subnet-1"],
        ...both(entry("allow", { protocol: "6", from_port: 443, to_port: 443 })),
      }),
    ],
    says: /^subnet-1: ingress that none of its rules allows is denied from now on$/,
    silent: [
      create(ACL, { subnet_ids: ["subnet-1"], ...both(entry("allow")) }),
      create(ACL, both(), { ...NOTHING_KNOWN("subnet_ids"), name: "new" }),
    ],
  },
  {
    rule: "closes-subnet",
    when: "the rules of a network ACL are not known yet",
    trips: [update(ACL, both(entry("allow")), { egress: [entry("allow")] }, NOTHING_KNOWN("ingress"))],
    says: /can't be assessed before apply: ingress/,
    level: "caution",
    silent: [update(ACL, both(entry("allow")), both(entry("allow")), NOTHING_KNOWN("arn"))],
  },
  {
    rule: "closes-subnet",
    when: "a rule of a network ACL denies",
    trips: [create(ACL_RULE, single("deny"))],
    says: /^0\.0\.0\.0\/0, protocol tcp, port 443 is denied$/,
    silent: [create(ACL_RULE, single("allow"))],
  },
  {
    rule: "closes-subnet",
    when: "an allowing rule of a network ACL is destroyed",
    trips: [destroy(ACL_RULE, single("allow"))],
    says: /is no longer allowed$/,
    silent: [keep(ACL_RULE, single("allow"))],
  },
  {
    rule: "closes-subnet",
    when: "a denying rule of a network ACL is destroyed",
    trips: [destroy(ACL_RULE, single("deny"))],
    says: /is no longer denied$/,
    level: "caution",
    silent: [keep(ACL_RULE, single("deny"))],
  },
  {
    rule: "closes-subnet",
    when: "a rule of a network ACL denies less",
    trips: [update(ACL_RULE, single("deny"), single("deny", { cidr_block: "10.0.0.0/8" }))],
    says: /^0\.0\.0\.0\/0, protocol tcp, port 443 is no longer denied$/,
    level: "caution",
    silent: [update(ACL_RULE, single("deny"), single("deny", { protocol: "tcp" }))],
  },
  {
    rule: "closes-subnet",
    when: "a rule of a network ACL denies more",
    trips: [update(ACL_RULE, single("deny", { cidr_block: "10.0.0.0/8" }), single("deny"))],
    says: /^0\.0\.0\.0\/0, protocol tcp, port 443 is denied$/,
    silent: [update(ACL_RULE, single("deny"), single("deny", { rule_number: 60 }))],
  },
  {
    rule: "closes-subnet",
    when: "a rule of a network ACL denies before other rules allow",
    trips: [update(ACL_RULE, single("deny"), single("deny", { rule_number: 40 }))],
    says: /is denied$/,
    silent: [update(ACL_RULE, single("allow"), single("allow", { protocol: "tcp" }))],
  },
  {
    rule: "closes-subnet",
    when: "the protocol of an ACL's rule has a number, and another one a name",
    trips: [
      update(ACL, both(entry("allow", { protocol: "6" })), both(entry("allow", { protocol: "udp" })), {
        name: "other",
      }),
    ],
    says: /^ingress of 0\.0\.0\.0\/0, protocol tcp, port 0 is no longer allowed$/,
    silent: [update(ACL, both(entry("allow", { protocol: "6" })), both(entry("allow", { protocol: "tcp" })))],
  },
  {
    rule: "closes-subnet",
    when: "a rule of a network ACL denies what it allowed",
    trips: [update(ACL_RULE, single("allow"), single("deny"))],
    says: /is denied$/,
    silent: [update(ACL_RULE, single("allow", { cidr_block: "10.0.0.0/8" }), single("allow"))],
  },
  {
    rule: "closes-subnet",
    when: "the action of a network ACL rule is not known yet",
    trips: [update(ACL_RULE, single("allow"), {}, NOTHING_KNOWN("rule_action"))],
    says: /can't be assessed before apply: rule_action/,
    level: "caution",
    silent: [create(ACL_RULE, single("allow"), NOTHING_KNOWN("id"))],
  },
  {
    rule: "closes-subnet",
    when: "a subnet gets another network ACL",
    trips: [create("aws_network_acl_association", { subnet_id: "a", network_acl_id: "b" })],
    says: /^another network ACL decides/,
    level: "caution",
    silent: [destroy("aws_network_acl_association")],
  },
  {
    rule: "closes-subnet",
    when: "a rule of a network ACL allows less",
    trips: [update(ACL_RULE, single("allow"), single("allow", { cidr_block: "10.0.0.0/8" }))],
    says: /^0\.0\.0\.0\/0, protocol tcp, port 443 is no longer allowed$/,
    silent: [{ ...destroy(ACL_RULE), change: { actions: ["forget"], before: single("allow"), after: null } }],
  },
  {
    rule: "closes-subnet",
    when: "an allowing rule of a network ACL is replaced, and is missing for a moment",
    trips: [replace(ACL_RULE, single("allow", { to_port: 444 }), single("allow", { to_port: 444 }))],
    says: /^0\.0\.0\.0\/0, protocol tcp, ports 443 to 444 is no longer allowed$/,
    silent: [update(ACL_RULE, single("allow"), single("allow", { to_port: 444 }))],
  },
  {
    rule: "closes-subnet",
    when: "a rule of a network ACL allows what it denied",
    trips: [update(ACL_RULE, single("deny"), single("allow"))],
    says: /is no longer denied$/,
    level: "caution",
    silent: [
      update(
        ACL_RULE,
        single("allow", { from_port: null, to_port: null }),
        single("allow", { from_port: 0, to_port: 65_535 }),
      ),
      update(
        ACL_RULE,
        single("allow", { from_port: 0, to_port: 65_535 }),
        single("allow", { from_port: null, to_port: null }),
        { name: "b" },
      ),
      update(ACL_RULE, single("allow", { protocol: 6 }), single("allow", { protocol: "6" }), { name: "c" }),
      update(ACL_RULE, single("allow"), single("allow", { protocol: "-1", from_port: 0, to_port: 0 }), { name: "d" }),
      update(ACL_RULE, single("allow"), single("allow", { protocol: "all", from_port: 0, to_port: 0 }), { name: "e" }),
      update(ACL_RULE, single("allow"), single("allow", { protocol: null }), { name: "f" }),
    ],
  },
  ...(
    [
      ["it is evaluated first", [entry("allow", { rule_no: 200 }), entry("deny", { rule_no: 100 })]],
      ["it is listed and evaluated first", [entry("deny", { rule_no: 100 }), entry("allow", { rule_no: 200 })]],
    ] as const
  ).map(([when, entries]): Case => ({
    rule: "closes-subnet",
    when: `a subnet joins an ACL with a denial, and ${when}`,
    trips: [update(ACL, { subnet_ids: ["a"], ...both(...entries) }, { subnet_ids: ["a", "b"], ...both(...entries) })],
    says: /^b: ingress that none of its rules allows is denied from now on$/,
    silent: [
      update(ACL, { subnet_ids: ["a"], ...both(...entries) }, { subnet_ids: ["a"], ...both(...entries), tags: {} }),
      ...[
        [entry("allow", { rule_no: 100 }), entry("deny", { rule_no: 200 })],
        [entry("deny", { rule_no: 200 }), entry("allow", { rule_no: 100 })],
      ].map((harmless, index) => create(ACL, { subnet_ids: ["a"], ...both(...harmless) }, { name: `new-${index}` })),
      create(ACL, both(...entries), { ...NOTHING_KNOWN("subnet_ids"), name: "unknown" }),
      create(ACL, { egress: [entry("allow")] }, { ...NOTHING_KNOWN("ingress"), name: "rules-unknown" }),
      destroy(ACL, both(entry("allow")), { name: "old" }),
    ],
  })),
  ...(
    [
      ["earlier", { rule_no: 40, cidr_block: "10.0.0.0/8" }],
      ["more", { rule_no: 50, cidr_block: "10.0.0.0/7" }],
      ["something else", { rule_no: 150, cidr_block: "172.16.0.0/12" }],
    ] as const
  ).map(([what, now]): Case => {
    const old = { rule_no: 50, cidr_block: "10.0.0.0/8" };
    return {
      rule: "closes-subnet",
      when: `a network ACL denies ${what}`,
      trips: [update(ACL, both(entry("deny", old), entry("allow")), both(entry("deny", now), entry("allow")))],
      says: /^ingress of [\d./]+, every protocol is denied$/,
      silent: [
        update(ACL, both(entry("deny", old), entry("allow")), both(entry("deny", old), entry("allow"), entry("allow"))),
        update(
          ACL,
          both(entry("deny", now), entry("allow")),
          both(entry("deny", { ...now, rule_no: 160 }), entry("allow")),
          {
            name: "later",
          },
        ),
      ],
    };
  }),

  {
    rule: "adds-denial",
    when: "a policy of a bucket forbids what it allowed",
    trips: [update("aws_s3_bucket_policy", bucket(), bucket(DENY))],
    says: /^forbids s3:\*, whatever other policies allow$/,
    silent: [update("aws_s3_bucket_policy", bucket(), bucket(INSECURE))],
  },
  {
    rule: "adds-denial",
    when: "a new policy forbids something to a role that stays",
    trips: [
      keep("aws_iam_role", { name: "tasks" }),
      create("aws_iam_role_policy", rights({ ...DENY, Principal: undefined })),
    ],
    says: /^forbids s3:\*/,
    silent: [create("aws_iam_role", { name: "tasks" }), create("aws_iam_role_policy", rights(DENY))],
  },
  {
    rule: "adds-denial",
    when: "a new policy forbids something in a bucket that stays, and the bucket gets another setting",
    trips: [
      create("aws_s3_bucket_versioning", { bucket: "logs" }),
      create("aws_s3_bucket_policy", { bucket: "logs", policy: policy(DENY) }),
    ],
    says: /^forbids s3:\*/,
    silent: [
      create("aws_s3_bucket", { bucket: "logs" }),
      create("aws_s3_bucket_policy", { bucket: "logs", policy: policy(DENY) }),
    ],
  },
  {
    rule: "adds-denial",
    when: "a new policy forbids something in a bucket that stays beside a new one",
    trips: [
      create("aws_s3_bucket", { bucket: "other" }),
      create("aws_s3_bucket_policy", { bucket: "logs", policy: policy(DENY) }),
    ],
    says: /^forbids s3:\*/,
    silent: [create("aws_s3_bucket", { bucket: "other" })],
  },
  {
    rule: "adds-denial",
    when: "a policy forbids something under a condition",
    trips: [
      update(
        "aws_s3_bucket_policy",
        bucket(),
        bucket({ ...DENY, Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }),
      ),
    ],
    says: /^forbids s3:\* under a condition: NotIpAddress\/aws:SourceIp$/,
    level: "caution",
    silent: [
      update("aws_s3_bucket_policy", bucket(DENY), bucket(DENY)),
      destroy("aws_s3_bucket_policy", bucket(DENY), { name: "old" }),
      create("aws_iam_policy", { name: "a", policy: policy(DENY) }),
    ],
  },
  {
    rule: "adds-denial",
    when: "a policy forbids everything but one action on insecure connections from some addresses",
    trips: [
      update(
        "aws_s3_bucket_policy",
        bucket(),
        bucket({
          ...{ Effect: "Deny", NotAction: "s3:GetObject", Resource: "*", Principal: "*" },
          Condition: { ...INSECURE.Condition, NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
        }),
      ),
    ],
    says: /^forbids s3:GetObject, by NotAction under a condition: Bool\/aws:SecureTransport, NotIpAddress\/aws:SourceIp$/,
    level: "caution",
    silent: [destroy("aws_iam_role_policy_attachment", { policy_arn: "arn:aws:iam::aws:policy/AWSDenyAll" })],
  },
  {
    rule: "adds-denial",
    when: "a policy that denies everything is attached",
    trips: [create("aws_iam_role_policy_attachment", { role: "a", policy_arn: "arn:aws:iam::aws:policy/AWSDenyAll" })],
    says: /AWSDenyAll forbids nearly everything$/,
    silent: [
      create("aws_iam_role_policy_attachment", { role: "a", policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }),
    ],
  },
  ...(
    [
      ["aws_sns_topic_policy", { arn: "arn:topic" }],
      ["aws_kms_key_policy", { key_id: "k" }],
      ["aws_ecr_repository_policy", { repository: "api" }],
    ] as const
  ).map(([type, subject]): Case => ({
    rule: "adds-denial",
    when: `a new ${type} forbids something`,
    trips: [create(type, { ...subject, policy: policy(DENY) })],
    says: /^forbids s3:\*/,
    silent: [create(type, { ...subject, policy: policy({ Action: "a", Resource: "*", Principal: { AWS: "arn:x" } }) })],
  })),

  {
    rule: "change-not-known",
    when: "an attribute changes that no rule knows",
    trips: [update("aws_lb", { shiny: 1, idle_timeout: 60 }, { shiny: 2, idle_timeout: 90 })],
    says: /^shiny changes, for which there is no rule: check it yourself$/,
    level: "caution",
    silent: [
      update(
        "aws_lb",
        { tags: {}, idle_timeout: 60, dns_name: "a" },
        { tags: { a: "b" }, idle_timeout: 90 },
        NOTHING_KNOWN("dns_name"),
      ),
    ],
  },
  {
    rule: "change-not-known",
    when: "it is in a block of which other parts are known",
    trips: [
      update(TARGET_GROUP, { health_check: [{ path: "/", shiny: 1 }] }, { health_check: [{ path: "/a", shiny: 2 }] }),
    ],
    says: /^health_check\.shiny changes/,
    level: "caution",
    silent: [update(TARGET_GROUP, { health_check: [{ path: "/" }] }, { health_check: [{ path: "/a" }] })],
  },
  {
    rule: "change-not-known",
    when: "a resource changes whose type no rule knows",
    trips: [update("aws_thing", { a: [1], b: { c: 1 } }, { a: [2], b: { c: 2 } })],
    says: /^a, b\.c change; there is no rule for aws_thing: check it yourself$/,
    level: "caution",
    silent: [
      update("aws_thing", { tags: {}, a: null, b: "" }, { tags: { x: "y" }, a: [], b: null }),
      replace("aws_other"),
    ],
  },
  ...(
    [
      ["idle_timeout", { idle_timeout: 60 }, { idle_timeout: 90 }],
      ["a", { a: null }, { a: 1 }],
      ["a", { a: 1 }, { a: null }],
      ["a.b", { a: null }, { a: { b: 1, c: null } }],
      ["a.b", { a: { b: 1, c: null } }, { a: null }],
      ["a", { a: { b: 1 } }, { a: "x" }],
      ["a.b", { a: [{ b: 1 }, "x"] }, { a: [{ b: 2 }, "x"] }],
    ] as const
  ).map(([name, before, after]): Case => ({
    rule: "change-not-known",
    when: `${JSON.stringify(before)} becomes ${JSON.stringify(after)} in a type that no rule knows`,
    trips: [update("aws_thing", { same: { a: 1 }, ...before }, { same: { a: 1 }, ...after })],
    says: new RegExp(`^${name.replace(".", "\\.")} changes; there is no rule for aws_thing`),
    level: "caution",
    silent: [update("aws_thing", { a: {}, b: [{ c: 1 }] }, { a: null, b: [{ c: 1 }], tags: { x: "y" } })],
  })),
  ...[
    "aws_vpc_dhcp_options_association",
    "aws_autoscaling_attachment",
    "aws_route53_resolver_firewall_rule",
    "aws_default_vpc_dhcp",
  ].map((type): Case => ({
    rule: "change-not-known",
    when: `a resource of the unknown type ${type} is added to an existing one`,
    trips: [create(type, {})],
    says: new RegExp(`there is no rule for ${type}`),
    level: "caution",
    silent: [
      create("aws_sqs_queue", {}),
      create("aws_ec2_transit_gateway_route_table", {}),
      create("aws_iam_role_policy_attachment", {}),
    ],
  })),
  {
    rule: "closes-subnet",
    when: "a subnet joins the default ACL, which denies",
    trips: [
      update(
        "aws_default_network_acl",
        { subnet_ids: [], ingress: [entry("allow")], egress: [entry("allow")] },
        { subnet_ids: ["subnet-1"], ingress: [entry("allow")], egress: [] },
      ),
    ],
    says: /^subnet-1: egress that none of its rules allows is denied from now on$/,
    silent: [
      update(
        "aws_default_network_acl",
        { subnet_ids: [], ...both(entry("allow")) },
        { subnet_ids: ["a"], ...both(entry("allow")) },
      ),
    ],
  },
  ...["aws_s3_bucket", "aws_sns_topic", "aws_secretsmanager_secret"].map((type): Case => ({
    rule: "adds-denial",
    when: `the policy in ${type} forbids something`,
    trips: [update(type, { policy: policy() }, { policy: policy(DENY) })],
    says: /^forbids s3:\*, whatever other policies allow$/,
    silent: [update(type, { policy: policy(DENY) }, { policy: policy(DENY), tags: {} })],
  })),
];
