import { TemplateError } from "../../../scripts/cloud/loader/error";
import { ignoredResources } from "../../../scripts/cloud/loader/ignored-resources";
import { loadTemplate } from "../../../scripts/cloud/loader/load";
import { environment, removeStacks, writeStacks } from "./stacks-fixture";

afterEach(removeStacks);

const ELB = "arn:aws:elasticloadbalancing:eu-central-1:123456789012";
const PRODUCTION = `${ELB}:listener/app/shared/1111111111111111/2222222222222222`;
const TEST = `${ELB}:listener/app/shared/1111111111111111/3333333333333333`;

type Block = Record<string, unknown>;

/** A listener rule that forwards to both target groups. */
const rule = (listenerArn: string, changes: Block = {}): Block => ({
  listener_arn: listenerArn,
  priority: 100,
  action: [
    {
      type: "forward",
      forward: {
        target_group: [
          { arn: "${aws_lb_target_group.one.arn}", weight: 1 },
          { arn: "${aws_lb_target_group.two.arn}", weight: 0 },
        ],
      },
    },
  ],
  condition: [
    { host_header: { values: ["orders.example.com"] } },
    { path_pattern: { values: ["/orders", "/orders/*"] } },
  ],
  ...changes,
});

/** Stacks of one service on a load balancer and a cluster that exist already. */
function shared(
  change: (rules: Record<string, Block>, service: Record<string, Record<string, Block>>) => void = () => undefined,
) {
  const stacks = environment();
  const service = stacks["staging-service"].resource as Record<string, Record<string, Block>>;
  delete service["aws_lb"];
  delete service["aws_lb_listener"];
  delete service["aws_ecs_cluster"];
  Object.assign(service["aws_ecs_service"]?.["main"] ?? {}, { cluster: "shared-cluster" });
  const rules: Record<string, Block> = { production: rule(PRODUCTION), test: rule(TEST) };
  service["aws_lb_listener_rule"] = rules;
  Object.assign(stacks["staging-service"].output, {
    lbSuffix: { value: "app/shared/1111111111111111" },
    production: { value: PRODUCTION },
    test: { value: TEST },
  });
  const group = stacks["staging-delivery"].resource.aws_codedeploy_deployment_group.main;
  group.ecs_service.cluster_name = "shared-cluster";
  change(rules, service);
  return writeStacks(stacks);
}

const load = (...change: Parameters<typeof shared>) => loadTemplate(shared(...change));

describe("stacks on an existing load balancer", () => {
  it("have its listeners by their rules alone, on the ports of own listeners", () => {
    const { listeners, targetGroups } = load();
    const [one, two] = targetGroups.map(({ arn }) => arn);
    const rules = (listener: string) => [
      {
        arn: expect.stringContaining(`${listener.replace(":listener/", ":listener-rule/")}/`) as string,
        priority: 100,
        conditions: { hosts: ["orders.example.com"], paths: ["/orders", "/orders/*"] },
        forward: [
          { targetGroupArn: one, weight: 1 },
          { targetGroupArn: two, weight: 0 },
        ],
      },
    ];
    expect(listeners).toEqual([
      { arn: PRODUCTION, port: 80, protocol: "HTTP", forward: [], rules: rules(PRODUCTION) },
      { arn: TEST, port: 9090, protocol: "HTTP", forward: [], rules: rules(TEST) },
    ]);
  });

  it("have its load balancer by the listeners' ARNs, so that alarms fit its metrics", () => {
    const { loadBalancer, alarms, deploymentGroup } = load();
    expect(loadBalancer).toMatchObject({
      name: "shared",
      arn: `${ELB}:loadbalancer/app/shared/1111111111111111`,
      arnSuffix: "app/shared/1111111111111111",
    });
    expect(alarms[0]?.metric?.dimensions["LoadBalancer"]).toBe(loadBalancer.arnSuffix);
    expect([deploymentGroup.productionListenerArns, deploymentGroup.testListenerArns]).toEqual([[PRODUCTION], [TEST]]);
  });

  it.each([
    ["shared-cluster", "arn:aws:ecs:eu-central-1:123456789012:cluster/shared-cluster"],
    [
      "arn:aws:ecs:eu-west-1:210987654321:cluster/shared-cluster",
      "arn:aws:ecs:eu-west-1:210987654321:cluster/shared-cluster",
    ],
  ])("run in the existing cluster %s, with the capacity providers that the service uses", (cluster, arn) => {
    const strategy = [{ capacity_provider: "FARGATE_SPOT", weight: 1 }, { capacity_provider: "FARGATE" }];
    const template = load((_, service) => {
      Object.assign(service["aws_ecs_service"]?.["main"] ?? {}, { cluster, capacity_provider_strategy: strategy });
    });
    expect(template.cluster).toEqual({ name: "shared-cluster", arn, capacityProviders: ["FARGATE_SPOT", "FARGATE"] });
    expect(template.service.arn).toContain("service/shared-cluster/tasks");
  });

  it("give a rule without a priority the next one, as the provider does", () => {
    const { listeners } = load((rules) => {
      rules["second"] = rule(PRODUCTION, { priority: undefined });
    });
    expect(listeners[0]?.rules?.map(({ priority }) => priority)).toEqual([100, 101]);
  });

  it("tell what the local cloud does not know of a listener", () => {
    const [service] = ignoredResources(shared()).filter(({ stack }) => stack === "staging-service");
    expect(service?.resources).toEqual(
      expect.arrayContaining([
        "aws_lb_listener_rule.production (of its listener, other rules and the default action: 404 here)",
      ]),
    );
  });
});

it("a rule on a listener of the stacks is read with its listener, also when that does not forward by default", () => {
  const stacks = environment();
  const service = stacks["staging-service"].resource as Record<string, Record<string, Block>>;
  Object.assign(service["aws_lb_listener"]?.["production"] ?? {}, { default_action: [{ type: "fixed-response" }] });
  service["aws_lb_listener_rule"] = { production: rule("${aws_lb_listener.production.arn}") };
  expect(loadTemplate(writeStacks(stacks)).listeners).toMatchObject([
    { port: 80, forward: [], rules: [{ priority: 100 }] },
    { port: 9090 },
  ]);
});

describe("a listener rule that the local cloud does not support is refused by name:", () => {
  const values = { values: ["x"] };
  const condition = (block: Block) => ({ condition: [block] });
  const place = "staging-service: aws_lb_listener_rule.production: ";

  it.each<[string, Block, string]>([
    [
      "a header",
      condition({ http_header: { http_header_name: "a", values: ["x"] } }),
      "condition.0.http_header: the local load balancer routes by host_header and path_pattern only",
    ],
    ["a method", condition({ http_request_method: values }), "condition.0.http_request_method: the local"],
    ["a query", condition({ query_string: [{ key: "a", value: "b" }] }), "condition.0.query_string: the local"],
    ["an address", condition({ source_ip: values }), "condition.0.source_ip: the local"],
    [
      "a regular expression",
      condition({ path_pattern: { values: ["x"], regex_values: ["^x"] } }),
      "condition.0.path_pattern.regex_values: the local load balancer compares with wildcards only",
    ],
    ["no value", condition({ host_header: { values: [] } }), "condition.0.host_header.values: must have a value"],
    [
      "a rewrite",
      { transform: [{ type: "url-rewrite" }] },
      "transform: the local load balancer does not rewrite requests",
    ],
    [
      "two conditions of a kind",
      { condition: [{ host_header: values }, { host_header: values }] },
      "condition: a rule has at most one host_header and one path_pattern",
    ],
    [
      "a redirect",
      { action: [{ type: "redirect", redirect: {} }] },
      "action: the local load balancer plays rules with one forward action, not redirect",
    ],
    [
      "two actions",
      {
        action: [
          { type: "authenticate-oidc" },
          { type: "forward", target_group_arn: "${aws_lb_target_group.one.arn}" },
        ],
      },
      "one forward action, not authenticate-oidc",
    ],
    [
      "a target group elsewhere",
      { action: [{ type: "forward", target_group_arn: "arn:other" }] },
      "action forwards to arn:other, which is no aws_lb_target_group of the stacks",
    ],
    [
      "no listener's ARN",
      { listener_arn: "shared" },
      "listener_arn shared is neither an aws_lb_listener of the stacks nor the ARN of a listener",
    ],
    [
      "a listener of a network load balancer",
      { listener_arn: PRODUCTION.replace("/app/", "/net/") },
      "is neither an aws_lb_listener of the stacks nor the ARN of a listener of an Application Load Balancer",
    ],
  ])("%s", (_, changes, problem) => {
    const refused = () => load((rules) => void (rules["production"] = rule(PRODUCTION, changes)));
    expect(refused).toThrow(TemplateError);
    expect(refused).toThrow(place);
    expect(refused).toThrow(problem);
  });

  it("one priority twice", () => {
    expect(() => load((rules) => void (rules["second"] = rule(PRODUCTION)))).toThrow(
      "staging-service: aws_lb_listener_rule.second: priority 100 is that of aws_lb_listener_rule.production too",
    );
  });

  it("two load balancers", () => {
    const other = TEST.replace("/shared/", "/other/");
    expect(() => load((rules) => void (rules["test"] = rule(other)))).toThrow(
      "the listener rules are on several load balancers (app/shared/1111111111111111, app/other/1111111111111111)",
    );
    const own = environment()["staging-service"].resource.aws_lb;
    expect(() => load((_, service) => void (service["aws_lb"] = own))).toThrow(
      "the listener rules are on an existing load balancer beside the aws_lb of the stacks (app/shared/1111111111111111)",
    );
  });

  it("a listener of the deployment group without a rule", () => {
    expect(() =>
      load((rules) => {
        delete rules["test"];
      }),
    ).toThrow(`the listener ${TEST} is in none of the synthesized stacks`);
  });
});
