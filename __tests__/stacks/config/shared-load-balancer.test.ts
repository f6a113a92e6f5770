import { matchesPattern } from "../../../stacks/config/patterns";
import { meetingRules } from "../../../stacks/config/shared-load-balancer-checks";
import { EXISTING_LOAD_BALANCER, SHARED } from "../../shared-load-balancer";
import { problemsOf, warningsOf } from "./problems-of";

const { arn, productionListenerArn, testListenerArn } = EXISTING_LOAD_BALANCER;
const AT = "environments.staging.loadBalancer.existing";
const HOST = { hosts: ["tasks.example.com"], priority: 100 };

/** Settings with another load balancer, or another rule on it. */
const shared = (over: object = {}, rule: object = HOST, more: object = {}) => ({
  ...SHARED,
  loadBalancer: { existing: { ...EXISTING_LOAD_BALANCER, rule, ...over } },
  ...more,
});
const replaced = (text: string, from: string, to: string) => text.replace(from, to);

describe("an existing load balancer", () => {
  it("is taken by name of its ARNs, alone and from the defaults", () => {
    expect(problemsOf(SHARED)).toEqual([]);
    const { existing } = SHARED.loadBalancer;
    const defaults = { ...SHARED, loadBalancer: { existing: EXISTING_LOAD_BALANCER } };
    expect(problemsOf({ loadBalancer: { existing: { rule: existing.rule } } }, { defaults })).toEqual([]);
  });

  it.each<[string, object, object, RegExp]>([
    ["a network load balancer", { arn: replaced(arn, "/app/", "/net/") }, HOST, /\.arn: .*Application Load Balancer/],
    ["a name", { arn: "shared" }, HOST, /\.arn: "shared" is not allowed/],
    ["a rule in place of a listener", { testListenerArn: `${testListenerArn}/3333` }, HOST, /\.testListenerArn: /],
    ["no rule", { rule: undefined }, HOST, /\.rule: missing/],
    ["a rule for everything", {}, { priority: 1 }, /\.rule: .*hosts, paths or both/],
    ["no hosts", {}, { hosts: [], priority: 1 }, /\.rule\.hosts: \[\] is not allowed/],
    ["a URL", {}, { hosts: ["https://a.example.com"], priority: 1 }, /\.rule\.hosts\.0: /],
    ["a port", {}, { hosts: ["a.example.com:80"], priority: 1 }, /\.rule\.hosts\.0: /],
    ["an upper-case host", {}, { hosts: ["A.example.com"], priority: 1 }, /\.rule\.hosts\.0: .*lower-case/],
    ["a host without a dot", {}, { hosts: ["*"], priority: 1 }, /\.rule\.hosts\.0: /],
    ["a host twice", {}, { hosts: ["a.b.com", "a.b.com"], priority: 1 }, /\.rule\.hosts: .*repetitions/],
    ["a path that no URL has", {}, { paths: ["tasks/*"], priority: 1 }, /\.rule\.paths\.0: .*begins with/],
    ["a path that Terraform evaluates", {}, { paths: ["/${path}"], priority: 1 }, /\.rule\.paths\.0: /],
    ["a query", {}, { paths: ["/a b"], priority: 1 }, /\.rule\.paths\.0: /],
    ["too many values", {}, { paths: ["/a", "/b", "/c", "/d", "/e", "/health"], priority: 1 }, /\.rule: .*at most 5/],
    ["too many wildcards", {}, { paths: ["/*/*/*/*/*/*", "/health"], priority: 1 }, /\.rule: .*5 wildcards/],
    ["priority 0", {}, { ...HOST, priority: 0 }, /\.rule\.priority: 0 is not allowed; must be .* 1 to 50000/],
    ["a text as priority", {}, { ...HOST, priority: "100" }, /\.rule\.priority: "100"/],
    ["one listener for both", { testListenerArn: productionListenerArn }, HOST, /\.testListenerArn: .*another/],
    [
      "a listener of another load balancer",
      { productionListenerArn: replaced(productionListenerArn, "shared", "other") },
      HOST,
      /\.productionListenerArn: .*a listener of loadBalancer\.existing\.arn/,
    ],
  ])("is refused with %s", (_, over, rule, problem) => {
    expect(problemsOf(shared(over, rule))).toEqual([expect.stringMatching(problem)]);
    expect(problemsOf(shared(over, rule))[0]).toContain(AT);
  });

  it.each<[string, string, string, RegExp]>([
    ["another region", "eu-central-1", "eu-west-1", /an ARN in eu-central-1/],
    ["another partition", "arn:aws:", "arn:aws-cn:", /begins with arn:aws:/],
    ["another account", "123456789012", "210987654321", /an ARN of the account 123456789012/],
  ])("is refused in %s", (_, from, to, problem) => {
    const over = Object.fromEntries(
      Object.entries(EXISTING_LOAD_BALANCER).map(([key, value]) => [key, replaced(value, from, to)]),
    );
    const settings = shared(over, HOST, { account: "123456789012", cluster: {} });
    expect(problemsOf(settings)).toEqual([expect.stringMatching(problem)]);
    const cluster = { existing: replaced(SHARED.cluster.existing, from, to) };
    const inCluster = problemsOf(shared({}, HOST, { account: "123456789012", cluster }));
    expect(inCluster).toEqual([expect.stringMatching(problem)]);
    expect(inCluster[0]).toContain("environments.staging.cluster.existing");
  });

  it("is in one account with the cluster, also when the configuration names none", () => {
    const cluster = { existing: replaced(SHARED.cluster.existing, "123456789012", "210987654321") };
    expect(problemsOf(shared({}, HOST, { cluster }))).toEqual([expect.stringMatching(/account 123456789012, which/)]);
  });

  it("needs a VPC of one's own, without subnets of a load balancer", () => {
    expect(problemsOf(shared({}, HOST, { network: {} }))).toEqual([
      expect.stringMatching(/^environments\.staging\.network\.vpc: missing; must be the VPC of the load balancer/),
    ]);
    expect(problemsOf(shared({ arn: "x" }, HOST, { network: {} }))).toEqual([expect.stringMatching(/\.arn: "x"/)]);
    expect(problemsOf({ network: SHARED.network, delivery: { hook: false } })).toEqual([
      expect.stringMatching(/network\.vpc\.publicSubnetIds: missing/),
    ]);
  });

  it.each([
    "productionPort",
    "testPort",
    "allowedCidrs",
    "testAllowedCidrs",
    "deletionProtection",
    "accessLogs",
    "waf",
  ])("refuses %s beside it, and not in the defaults of another environment", (key) => {
    const values: Record<string, unknown> = {
      ...{ productionPort: 81, testPort: 9091, allowedCidrs: ["192.0.2.0/24"], testAllowedCidrs: ["10.9.0.0/16"] },
      ...{ deletionProtection: false, accessLogs: { retentionDays: 7 }, waf: { mode: "count" } },
    };
    const settings = { loadBalancer: { [key]: values[key] } };
    const beside = { ...SHARED, loadBalancer: { ...SHARED.loadBalancer, ...settings.loadBalancer } };
    const refused = [expect.stringMatching(new RegExp(`loadBalancer\\.${key}: has no effect`))];
    expect(problemsOf(beside)).toEqual(refused);
    expect(problemsOf(settings, { defaults: SHARED })).toEqual(refused);
    expect(problemsOf(SHARED, { defaults: settings })).toEqual([]);
  });

  it("warns of protections in the defaults that it doesn't get", () => {
    const defaults = { loadBalancer: { waf: { enabled: true }, deletionProtection: true } };
    expect(warningsOf(SHARED, { defaults })).toEqual([
      expect.stringMatching(/^defaults\.loadBalancer\.waf\.enabled: has no effect/),
      expect.stringMatching(/^defaults\.loadBalancer\.deletionProtection: has no effect/),
    ]);
  });

  it("has no security group of ours, so any number of NAT addresses", () => {
    const natAddresses = Array.from({ length: 60 }, (_, index) => `203.0.113.${index + 1}`);
    const network = { vpc: { ...SHARED.network.vpc, natAddresses } };
    expect(problemsOf(shared({}, HOST, { network }))).toEqual([]);
  });

  it("has paths that the probe and the rehearsal can send", () => {
    const rule = { paths: ["/carts*"], priority: 1 };
    expect(problemsOf(shared({}, rule))).toEqual([
      expect.stringMatching(/healthCheck\.path: .*matches \("\/carts\*"\)/),
    ]);
    const healthCheck = { path: "/carts/health?deep=1" };
    expect(problemsOf(shared({}, rule, { healthCheck }))).toEqual([]);
    expect(problemsOf(shared({}, { ...rule, paths: ["/carts*", "/health"] }))).toEqual([]);
    expect(problemsOf(shared({}, rule, { delivery: { hook: false } }))).toEqual([]);
    const requests = [
      { name: "create", method: "POST", path: "/carts", expect: 201 },
      { method: "GET", path: "/carts/${create.id}?a=/x" },
      { method: "GET", path: "/orders" },
    ];
    expect(problemsOf(shared({}, rule, { healthCheck, delivery: { probe: requests } }))).toEqual([
      expect.stringMatching(/delivery\.probe\.2\.path: "\/orders" is not allowed/),
    ]);
    expect(problemsOf(shared({}, rule, { healthCheck, rehearsal: { requests } }))).toEqual([
      expect.stringMatching(/rehearsal\.requests\.2\.path: "\/orders" is not allowed/),
    ]);
  });
});

describe("an existing cluster", () => {
  it("may be given as an ARN beside a load balancer of ours", () => {
    expect(problemsOf({ cluster: SHARED.cluster })).toEqual([]);
  });

  it.each(["", "a/b", "a b", "arn:aws:ecs:us-east-1:123456789012:service/a/b", "${cluster}"])(
    "is not %j",
    (existing) => {
      expect(problemsOf({ cluster: { existing } })).toEqual([
        expect.stringMatching(/cluster\.existing: .*name or ARN/),
      ]);
    },
  );
});

describe("rules of two environments on one listener", () => {
  const meet = (own: object, other: object, over: object = {}) => {
    const others = { other: shared(over, other, { project: "orders" }) };
    return { refused: problemsOf(shared({}, own), { others }), warned: warnings(shared({}, own), others) };
  };
  const warnings = (settings: object, others: Record<string, object>) =>
    problemsOf(settings, { others }).length > 0 ? [] : warningsOf(settings, { others });

  it("are fine with other hosts and priorities", () => {
    expect(meet(HOST, { hosts: ["orders.example.com"], priority: 101 })).toEqual({ refused: [], warned: [] });
  });

  it("are refused with the same priority, on any of the two listeners", () => {
    const other = { hosts: ["orders.example.com"], priority: 100 };
    const refused = [expect.stringMatching(/\.rule\.priority: 100 is also that of environments\.other/)];
    expect(meet(HOST, other).refused).toEqual(refused);
    const swapped = { productionListenerArn: testListenerArn, testListenerArn: productionListenerArn };
    expect(meet(HOST, other, swapped).refused).toEqual(refused);
    const elsewhere = Object.fromEntries(
      Object.entries(EXISTING_LOAD_BALANCER).map(([key, value]) => [key, replaced(value, "shared", "another")]),
    );
    expect(meet(HOST, other, elsewhere).refused).toEqual([]);
  });

  it.each<[object, object]>([
    [{ hosts: ["tasks.example.com"] }, { hosts: ["tasks.example.com"] }],
    [{ hosts: ["tasks.example.com"] }, { hosts: ["tasks.example.com"], paths: ["/*"] }],
    [{ hosts: ["a.b.com", "tasks.example.com"] }, { hosts: ["tasks.example.com", "a.b.com"] }],
  ])("are refused with the same requests: %j and %j", (own, other) => {
    expect(meet({ ...own, priority: 1 }, { ...other, priority: 2 }).refused).toEqual([
      expect.stringMatching(/\.rule: takes the same requests as the rule of environments\.other/),
    ]);
  });

  it("are a warning when the first one takes all requests of the second one", () => {
    const wide = { hosts: ["*.example.com"], priority: 1 };
    expect(meet(HOST, wide)).toEqual({
      refused: [],
      warned: [
        expect.stringMatching(
          /\.rule: environments\.other takes all of its requests: .*priority 1, which is before 100/,
        ),
      ],
    });
    expect(meet(wide, HOST).warned).toEqual([]);
    expect(meet(HOST, { ...wide, priority: 200 }).warned).toEqual([]);
  });

  it("don't break on an environment that is not valid itself", () => {
    for (const rule of [null, 1, { priority: "1" }, { hosts: "x", priority: 2 }, { hosts: [5], priority: 2 }]) {
      const others = { other: { loadBalancer: { existing: { ...EXISTING_LOAD_BALANCER, rule } } } };
      expect(problemsOf(SHARED, { others })).toEqual([]);
    }
    const others = { other: shared({}, { priority: "1" }) };
    expect(meetingRules(SHARED, others)).toEqual({ refused: [], warned: [] });
    const partly = { other: shared({}, { hosts: ["tasks.example.com", 5], priority: 2 }) };
    expect(meetingRules(SHARED, partly).refused).toHaveLength(1);
    const listeners = { productionListenerArn: undefined, testListenerArn: undefined };
    const without = shared(listeners, HOST);
    expect(meetingRules(without, { other: without })).toEqual({ refused: [], warned: [] });
  });

  it("are no matter for an environment with a load balancer of its own", () => {
    expect(problemsOf({ project: "orders" }, { others: { other: SHARED } })).toEqual([]);
  });

  it("are not both a refusal and a warning with the same priority", () => {
    const wide = shared({}, { hosts: ["*.example.com"], priority: 100 });
    const { refused, warned } = meetingRules(SHARED, { other: wide });
    expect([refused.length, warned]).toEqual([1, []]);
  });

  it("are refused with the same priority when only one of the listeners is the same", () => {
    const over = { testListenerArn: replaced(testListenerArn, "2222222222222222", "3333333333333333") };
    expect(meet(HOST, { hosts: ["orders.example.com"], priority: 100 }, over).refused).toHaveLength(1);
  });

  it.each<[object, object]>([
    [{ hosts: ["tasks.example.com", "tasks.example.org"] }, { hosts: ["*.example.com"] }],
    [{ hosts: ["tasks.example.com"] }, { hosts: ["tasks.example.com"], paths: ["/health"] }],
    [
      { hosts: ["tasks.example.com"], paths: ["/health", "/b"] },
      { hosts: ["tasks.example.com"], paths: ["/health"] },
    ],
  ])("are fine when the first one leaves some requests to the second one: %j, %j", (own, other) => {
    expect(meet({ ...own, priority: 100 }, { ...other, priority: 1 })).toEqual({ refused: [], warned: [] });
  });
});

describe("a pattern", () => {
  it.each<[string, string, boolean]>([
    ["/a", "/a", true],
    ["/a", "/ab", false],
    ["/a*", "/a", true],
    ["/a*", "/abc", true],
    ["/a?", "/a", false],
    ["/a?", "/ab", true],
    ["*.example.com", "a.b.example.com", true],
    ["*.example.com", "example.com", false],
    ["*b*c", "abbcbc", true],
    ["*b*c", "abbcb", false],
    ["*", "", true],
    ["/*", "/a/*", true],
    ["/a/*", "/*", false],
    ["/?", "/*", false],
    ["", "a", false],
  ])("%s on %s: %s", (pattern, text, matches) => {
    expect(matchesPattern(pattern, text)).toBe(matches);
  });
});
