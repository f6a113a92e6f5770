import { reviewChanges } from "../../scripts/plan/findings";
import { mergeById, RULES } from "../../scripts/plan/rules/all";
import { UNKNOWN } from "../../scripts/plan/change";
import { caution, compareKnown, danger, inWords, isLess, same, type Rule } from "../../scripts/plan/rules/rule";
import { CASES } from "./cases/all";
import { TEST_PORT } from "./cases/opened-ports";
import { create, destroy, keep, planned, policy, replace, update, type ResourceChange } from "./plan-fixture";

const findingsOf = (rule: string, changes: readonly ResourceChange[]) =>
  reviewChanges(planned(...changes), { testPort: TEST_PORT }).filter((finding) => finding.rule === rule);

describe("the rules of the plan review", () => {
  it.each(CASES.map((one) => [one.rule, one.when, one] as const))("%s reports when %s", (rule, _when, one) => {
    const found = findingsOf(rule, one.trips);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(({ says }) => says).join("\n")).toMatch(one.says);
    const levels = one.level === "both" ? ["danger", "caution"] : [one.level ?? "danger"];
    expect(new Set(found.map(({ level }) => level))).toEqual(new Set(levels));
  });

  it.each(CASES.map((one) => [one.rule, one.when, one] as const))(
    "%s reports nothing in a similar plan, without: %s",
    (rule, _when, one) => {
      expect(findingsOf(rule, one.silent)).toEqual([]);
    },
  );

  it("has a case for every rule, and no rule twice", () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(CASES.map(({ rule }) => rule))).toEqual(new Set(ids));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("an access list of a bucket for everybody", () => {
  it.each([
    [create("aws_s3_bucket", { acl: "public-read" })],
    [update("aws_s3_bucket", { acl: "private" }, { acl: "public-read" })],
  ])("is reported once", (change) => {
    expect(findingsOf("security-public-access-allowed", [change])).toHaveLength(1);
  });
});

describe("whether a number is less than another one", () => {
  it.each([
    [1, 2, true],
    [2, 2, false],
    [3, 2, false],
    [null, 2, false],
    [1, undefined, false],
    ["1", 2, false],
    [1, "2", false],
  ])("%j and %j: %s", (value, than, expected) => {
    expect(isLess(value, than)).toBe(expected);
  });
});

describe("a value in words", () => {
  it.each([
    [undefined, "nothing"],
    [null, "nothing"],
    ["", "nothing"],
    ["a", "a"],
    [0, "0"],
    [false, "false"],
    [[1], "another value"],
    [{}, "another value"],
  ])("%j: %s", (value, words) => expect(inWords(value)).toBe(words));
});

describe("equal values", () => {
  it.each([
    ["a list and its copy", [1, { a: 2 }], [1, { a: 2 }], true],
    ["two lists", [1], [2], false],
    ["nothing and nothing", undefined, undefined, true],
    ["nothing and a value that is not known yet", undefined, UNKNOWN, false],
    ["a value that is not known yet and nothing", UNKNOWN, undefined, false],
  ] as const)("%s", (_, one, other, expected) => expect(same(one, other)).toBe(expected));
});

describe("a block of which a part is not known yet", () => {
  const block = (size: number) => ({ block: [{ size }] });
  const partlyUnknown = update("aws_lb", block(1), block(2), { after_unknown: { block: [{ name: true }] } });
  const assessed = (change: ResourceChange, level: typeof danger) =>
    planned(change).flatMap((one) => compareKnown(one, ["block"], () => level("smaller")));
  const notKnown = expect.stringMatching(/^can't be assessed before apply: block is not known yet$/) as unknown;

  it("is a danger that is certain without that part", () => {
    expect(assessed(partlyUnknown, danger)).toEqual([{ level: "danger", says: "smaller" }]);
    const levels = assessed(partlyUnknown, (says) => [...danger(says), ...caution(says)]).map(({ level }) => level);
    expect(levels).toEqual(["danger", "caution"]);
  });

  it("can't be assessed when the known part is only a caution", () => {
    expect(assessed(partlyUnknown, caution)).toEqual([{ level: "caution", says: notKnown }]);
  });

  it("is assessed by nothing but that when all of it is not known", () => {
    const unknown = update("aws_lb", block(1), {}, { after_unknown: { block: true } });
    expect(assessed(unknown, danger)).toEqual([{ level: "caution", says: notKnown }]);
  });

  it("is assessed when all of it is known", () => {
    expect(assessed(update("aws_lb", block(1), block(2)), caution)).toEqual([{ level: "caution", says: "smaller" }]);
    expect(assessed(update("aws_lb", block(1), block(1)), caution)).toEqual([]);
  });
});

describe("rules with the same id", () => {
  const rule = (id: string, says: string, types?: readonly string[]): Rule => ({
    id,
    ...(types && { types }),
    check: () => caution(says),
  });
  const saysOf = ({ check }: Rule, type: string) => {
    const changes = planned(create(type));
    return changes.flatMap((change) => check(change, { changes }).map(({ says }) => says));
  };

  it("are one, which runs the checks for the type of the resource", () => {
    const only = rule("b", "only", ["t1"]);
    const merged = mergeById([rule("a", "one", ["t1", "t2"]), only, rule("a", "other", ["t2", "t3"])]);
    expect(merged).toEqual([{ id: "a", types: ["t1", "t2", "t3"], check: expect.any(Function) as unknown }, only]);
    expect(["t1", "t2", "t3"].map((type) => merged.slice(0, 1).flatMap((one) => saysOf(one, type)))).toEqual([
      ["one"],
      ["one", "other"],
      ["other"],
    ]);
  });

  it.each([
    ["first", [rule("a", "every"), rule("a", "own", ["t1"])], ["every"]],
    ["second", [rule("a", "own", ["t1"]), rule("a", "every")], ["every"]],
  ])("are for every type when the %s of them is", (_, rules, expected) => {
    const merged = mergeById(rules);
    expect(merged).toEqual([{ id: "a", check: expect.any(Function) as unknown }]);
    expect(merged.flatMap((one) => saysOf(one, "t2"))).toEqual(expected);
  });
});

describe("a plan as a whole", () => {
  it("has no findings about resources that stay or only move in the state", () => {
    const moved = { ...keep("aws_lb", { name: "a" }), previous_address: "aws_lb.was" };
    expect(reviewChanges(planned(keep("aws_dynamodb_table"), moved))).toEqual([]);
  });

  it("lists dangers first", () => {
    const found = reviewChanges(planned(destroy("aws_iam_role_policy"), destroy("aws_dynamodb_table")));
    expect(found.map(({ level }) => level)).toEqual(["danger", "caution"]);
  });

  it("names the attribute for which something is replaced", () => {
    const change = replace("aws_dynamodb_table", {}, {}, { replace_paths: [["attribute", 0, "name"]] });
    expect(reviewChanges(planned(change))[0]?.says).toMatch(/attribute\.name can't be changed in place/);
  });
});

describe("a finding about a sensitive value", () => {
  const ALARM = "aws_cloudwatch_metric_alarm";
  const mark = (path: string): unknown =>
    path
      .split(".")
      .reduceRight<unknown>(
        (inner, step) => (/^\d+$/.test(step) ? listWith(Number(step), inner) : { [step]: inner }),
        true,
      );
  const listWith = (index: number, inner: unknown) =>
    Array.from({ length: index + 1 }, (_, at) => (at === index ? inner : false));
  const group = (...names: readonly string[]) => ({ alarm_configuration: [{ alarms: names, enabled: true }] });
  const door = (cidr: string) => ({ ingress: [{ cidr_blocks: [cidr], protocol: "tcp", from_port: 22, to_port: 22 }] });
  const rule = (cidr: string) => ({
    security_group_id: "sg",
    cidr_ipv4: cidr,
    ip_protocol: "tcp",
    from_port: 22,
    to_port: 22,
  });
  const config = (percentage: number) => ({
    deployment_config_name: "own",
    traffic_routing_config: [{ type: "TimeBasedCanary", time_based_canary: [{ percentage, interval: 5 }] }],
  });

  it.each([
    [
      "gate-threshold-loosened",
      "threshold",
      ALARM,
      { threshold: 2, comparison_operator: "GreaterThanThreshold" },
      { threshold: 987, comparison_operator: "GreaterThanThreshold" },
    ],
    ["gate-period-lengthened", "period", ALARM, { period: 60 }, { period: 987 }],
    ["moves-port", "port", "aws_lb_listener", { port: 80 }, { port: 987 }],
    ["gate-alarm-removed", "alarm_configuration.0.alarms", "aws_codedeploy_deployment_group", group("s987"), group()],
    [
      "gate-alarm-removed",
      "alarm_configuration.0.alarms.1",
      "aws_codedeploy_deployment_group",
      group("a", "s987"),
      group("a"),
    ],
    [
      "security-permissions-widened",
      "policy",
      "aws_iam_role_policy",
      {},
      { policy: policy({ Action: "s987:*", Resource: "*" }) },
    ],
    [
      "security-trust-widened",
      "assume_role_policy",
      "aws_iam_role",
      { assume_role_policy: policy() },
      { assume_role_policy: policy({ Action: "a", Principal: { AWS: "s987" } }) },
    ],
    [
      "security-ingress-opened",
      "ingress.0.cidr_blocks",
      "aws_security_group",
      { ingress: [] },
      door("198.51.100.98/32"),
    ],
    [
      "security-ingress-opened",
      "ingress.0.cidr_blocks.0",
      "aws_security_group",
      { ingress: [] },
      door("198.51.100.98/32"),
    ],
    [
      "security-ingress-opened",
      "cidr_ipv4",
      "aws_vpc_security_group_ingress_rule",
      rule("10.0.0.0/8"),
      rule("198.51.100.98/32"),
    ],
    ["security-firewall-weakened", "rule", "aws_wafv2_web_acl", { rule: [{ name: "s987" }] }, { rule: [] }],
    ["gate-strategy-exposes-more", "traffic_routing_config", "aws_codedeploy_deployment_config", config(5), config(98)],
    [
      "loses-old-logs",
      "retention_in_days",
      "aws_cloudwatch_log_group",
      { retention_in_days: 987 },
      { retention_in_days: 1 },
    ],
  ])("of %s doesn't show it: %s", (id, path, type, before, after) => {
    const masks = [{ after_sensitive: mark(path) }, { before_sensitive: mark(path) }];
    for (const mask of masks) {
      const [open] = findingsOf(id, [update(type, before, after)]);
      const [hidden] = findingsOf(id, [update(type, before, after, mask)]);
      expect(open?.says).toMatch(/98/);
      expect(hidden).toEqual({ ...open, says: "(sensitive): what this is about must not be shown" });
    }
  });

  it("hides sensitive values of other resources too", () => {
    const config = create(
      "aws_codedeploy_deployment_config",
      {
        deployment_config_name: "own",
        traffic_routing_config: [{ type: "TimeBasedCanary", time_based_canary: [{ percentage: 98, interval: 5 }] }],
      },
      { after_sensitive: { traffic_routing_config: true } },
    );
    const change = update(
      "aws_codedeploy_deployment_group",
      { deployment_config_name: "CodeDeployDefault.ECSCanary10Percent5Minutes" },
      { deployment_config_name: "own" },
    );
    const [found] = findingsOf("gate-strategy-exposes-more", [change, config]);
    expect(found).toMatchObject({ level: "danger", says: expect.not.stringContaining("98") as string });
  });

  it("shows a finding whose rule didn't read the sensitive value", () => {
    const change = update(ALARM, { period: 60 }, { period: 300 }, { after_sensitive: { alarm_description: true } });
    expect(findingsOf("gate-period-lengthened", [change])[0]?.says).toMatch(/300 s instead of 60 s/);
  });
});
