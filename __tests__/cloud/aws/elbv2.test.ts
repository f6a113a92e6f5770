import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type ModifyRuleCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { defaultRuleArn } from "../../../scripts/cloud/derived-ids";
import { GROUP_1, GROUP_2, LISTENER, START, TEMPLATE, TEST_LISTENER } from "./fake-cloud";
import { serve, type Served } from "./served";

let served: Served;
let client: ElasticLoadBalancingV2Client;

beforeEach(async () => {
  served = await serve();
  client = new ElasticLoadBalancingV2Client(served.client);
});

afterEach(async () => {
  client.destroy();
  await served.server.stop();
});

const weights = [
  { TargetGroupArn: GROUP_1, Weight: 90 },
  { TargetGroupArn: GROUP_2, Weight: 10 },
];

describe("DescribeRules", () => {
  it("gives the default rule with the weights it has now", async () => {
    const { Rules } = await client.send(new DescribeRulesCommand({ ListenerArn: LISTENER }));
    expect(Rules).toHaveLength(1);
    expect(Rules?.[0]).toMatchObject({
      Priority: "default",
      IsDefault: true,
      Conditions: [],
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups: weights } }],
    });
    expect(Rules?.[0]?.Actions?.[0]?.TargetGroupArn).toBeUndefined();
    const RuleArns = [Rules?.[0]?.RuleArn ?? ""];
    expect((await client.send(new DescribeRulesCommand({ RuleArns }))).Rules).toEqual(Rules);
  });

  it("names a single target group in short, too", async () => {
    const { Rules } = await client.send(new DescribeRulesCommand({ ListenerArn: TEST_LISTENER }));
    expect(Rules?.[0]?.Actions?.[0]?.TargetGroupArn).toBe(GROUP_2);
  });

  it("refuses what isn't there", async () => {
    await expect(client.send(new DescribeRulesCommand({ ListenerArn: `${LISTENER}0` }))).rejects.toMatchObject({
      name: "ListenerNotFoundException",
    });
    await expect(client.send(new DescribeRulesCommand({ RuleArns: ["arn"] }))).rejects.toMatchObject({
      name: "RuleNotFoundException",
    });
    await expect(client.send(new DescribeRulesCommand({}))).rejects.toMatchObject({ name: "ValidationError" });
  });
});

describe("the rules of a shared listener", () => {
  const rule = {
    arn: `${LISTENER.replace(":listener/", ":listener-rule/")}/4444444444444444`,
    priority: 100,
    conditions: { hosts: ["orders.example.com"], paths: ["/orders", "/orders/*"] },
    forward: weights.map(({ TargetGroupArn, Weight }) => ({ targetGroupArn: TargetGroupArn, weight: Weight })),
  };
  beforeEach(() => {
    served.state.rules.set(LISTENER, [rule]);
    served.state.forward.set(LISTENER, []);
  });

  it("are described before the default one, which gives a fixed response", async () => {
    const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn: LISTENER }));
    expect(Rules).toMatchObject([
      {
        RuleArn: rule.arn,
        Priority: "100",
        IsDefault: false,
        Conditions: [
          {
            Field: "host-header",
            Values: ["orders.example.com"],
            HostHeaderConfig: { Values: ["orders.example.com"] },
          },
          {
            Field: "path-pattern",
            Values: ["/orders", "/orders/*"],
            PathPatternConfig: { Values: ["/orders", "/orders/*"] },
          },
        ],
        Actions: [{ Type: "forward", ForwardConfig: { TargetGroups: weights } }],
      },
      {
        Priority: "default",
        IsDefault: true,
        Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
      },
    ]);
    expect((await client.send(new DescribeRulesCommand({ RuleArns: [rule.arn] }))).Rules).toEqual([Rules[0]]);
    const paged = await client.send(new DescribeRulesCommand({ ListenerArn: LISTENER, PageSize: 1 }));
    expect(paged.Rules).toEqual([Rules[0]]);
    const { Marker } = { Marker: paged.NextMarker };
    expect((await client.send(new DescribeRulesCommand({ ListenerArn: LISTENER, Marker }))).Rules).toEqual([Rules[1]]);
    const { Listeners } = await client.send(new DescribeListenersCommand({ ListenerArns: [LISTENER] }));
    expect(Listeners?.[0]?.DefaultActions).toEqual([
      { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } },
    ]);
    expect((await client.send(new DescribeTagsCommand({ ResourceArns: [rule.arn] }))).TagDescriptions).toHaveLength(1);
  });

  it("put their target groups behind the load balancer", async () => {
    const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [GROUP_1] }));
    expect(TargetGroups?.[0]?.LoadBalancerArns).toEqual([TEMPLATE.loadBalancer.arn]);
  });

  it.each([
    [
      "their weights",
      { TargetGroups: [{ TargetGroupArn: GROUP_1, Weight: 0 }, { TargetGroupArn: GROUP_2 }] },
      [
        { targetGroupArn: GROUP_1, weight: 0 },
        { targetGroupArn: GROUP_2, weight: 1 },
      ],
    ],
    ["a single target group", undefined, [{ targetGroupArn: GROUP_2, weight: 1 }]],
  ])("are modified: %s", async (_, ForwardConfig, forward) => {
    const Actions = [
      { Type: "forward" as const, ...(ForwardConfig ? { ForwardConfig } : { TargetGroupArn: GROUP_2 }) },
    ];
    const { Rules } = await client.send(new ModifyRuleCommand({ RuleArn: rule.arn, Actions }));
    expect(served.state.changedRules).toEqual([{ ruleArn: rule.arn, forward }]);
    expect(Rules).toMatchObject([{ RuleArn: rule.arn, Actions: [{ Type: "forward" }] }]);
  });

  it.each<[string, ModifyRuleCommandInput, string]>([
    [
      "an unknown rule",
      { RuleArn: "arn", Actions: [{ Type: "forward", TargetGroupArn: GROUP_1 }] },
      "RuleNotFoundException",
    ],
    [
      "a default rule",
      { RuleArn: defaultRuleArn(LISTENER), Actions: [{ Type: "forward", TargetGroupArn: GROUP_1 }] },
      "OperationNotPermittedException",
    ],
    [
      "an unknown target group",
      { RuleArn: rule.arn, Actions: [{ Type: "forward", TargetGroupArn: `${GROUP_1}0` }] },
      "TargetGroupNotFoundException",
    ],
    [
      "a weight above 999",
      {
        RuleArn: rule.arn,
        Actions: [{ Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn: GROUP_1, Weight: 1000 }] } }],
      },
      "ValidationError",
    ],
    ["another action", { RuleArn: rule.arn, Actions: [{ Type: "redirect" }] }, "ValidationError"],
    ["no target group", { RuleArn: rule.arn, Actions: [{ Type: "forward" }] }, "ValidationError"],
    ["nothing to change", { RuleArn: rule.arn }, "ValidationError"],
    [
      "conditions",
      {
        RuleArn: rule.arn,
        Conditions: [{ Field: "path-pattern", Values: ["/"] }],
        Actions: [{ Type: "forward", TargetGroupArn: GROUP_1 }],
      },
      "ValidationError",
    ],
  ])("are not modified by a request with %s", async (_, input, name) => {
    await expect(client.send(new ModifyRuleCommand(input))).rejects.toMatchObject({ name });
    expect(served.state.changedRules).toEqual([]);
  });
});

it("describes the load balancer by name, by ARN, or at all, with the name of this machine", async () => {
  const { arn } = TEMPLATE.loadBalancer;
  const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({}));
  expect(LoadBalancers).toMatchObject([
    {
      LoadBalancerArn: arn,
      DNSName: "localhost",
      State: { Code: "active" },
      CreatedTime: new Date(START),
      Scheme: "internet-facing",
      VpcId: "vpc-1",
      AvailabilityZones: [{ SubnetId: "subnet-1" }, { SubnetId: "subnet-2" }],
      SecurityGroups: ["sg-2"],
    },
  ]);
  await expect(client.send(new DescribeLoadBalancersCommand({ Names: ["shop"] }))).resolves.toMatchObject({
    LoadBalancers,
  });
  await expect(client.send(new DescribeLoadBalancersCommand({ Names: ["other"] }))).rejects.toMatchObject({
    name: "LoadBalancerNotFoundException",
  });
  const { Attributes } = await client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }));
  expect(Attributes).toEqual([{ Key: "idle_timeout.timeout_seconds", Value: "60" }]);
});

it("describes listeners with their weights and their ports on this machine, in pages", async () => {
  const LoadBalancerArn = TEMPLATE.loadBalancer.arn;
  const first = await client.send(new DescribeListenersCommand({ LoadBalancerArn, PageSize: 1 }));
  const Marker = first.NextMarker;
  const second = await client.send(new DescribeListenersCommand({ LoadBalancerArn, PageSize: 1, Marker }));
  expect(first.Listeners).toMatchObject([
    {
      ListenerArn: LISTENER,
      Port: 40080,
      Protocol: "HTTP",
      DefaultActions: [{ ForwardConfig: { TargetGroups: weights } }],
    },
  ]);
  expect(second.Listeners).toMatchObject([{ ListenerArn: TEST_LISTENER, Port: 49090 }]);
  expect(second.NextMarker).toBeUndefined();
  await expect(client.send(new DescribeListenersCommand({ LoadBalancerArn, PageSize: 0 }))).rejects.toMatchObject({
    name: "ValidationError",
  });
});

it("describes target groups with their health checks", async () => {
  const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ Names: ["shop-2"] }));
  expect(TargetGroups).toMatchObject([
    {
      TargetGroupArn: GROUP_2,
      TargetType: "ip",
      VpcId: "vpc-1",
      Port: 8080,
      HealthCheckPath: "/health",
      HealthCheckIntervalSeconds: 30,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 3,
      HealthCheckEnabled: true,
      Matcher: { HttpCode: "200" },
      LoadBalancerArns: [TEMPLATE.loadBalancer.arn],
    },
  ]);
  const ofLoadBalancer = async (LoadBalancerArn: string) =>
    (await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }))).TargetGroups?.map(
      ({ TargetGroupName }) => TargetGroupName,
    );
  expect(await ofLoadBalancer(TEMPLATE.loadBalancer.arn)).toEqual(["shop-1", "shop-2"]);
  served.state.forward.set(LISTENER, [{ targetGroupArn: GROUP_1, weight: 1 }]);
  served.state.forward.set(TEST_LISTENER, [{ targetGroupArn: GROUP_1, weight: 1 }]);
  expect(await ofLoadBalancer(TEMPLATE.loadBalancer.arn)).toEqual(["shop-1"]);
  await expect(ofLoadBalancer("arn")).rejects.toMatchObject({ name: "LoadBalancerNotFoundException" });
  const { Attributes } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: GROUP_2 }));
  expect(Attributes).toEqual(
    expect.arrayContaining([
      { Key: "deregistration_delay.timeout_seconds", Value: "30" },
      { Key: "stickiness.enabled", Value: "false" },
      { Key: "load_balancing.algorithm.type", Value: "round_robin" },
      { Key: "slow_start.duration_seconds", Value: "0" },
    ]),
  );
  await expect(client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: ["arn"] }))).rejects.toMatchObject({
    name: "TargetGroupNotFoundException",
  });
});

describe("DescribeTargetHealth", () => {
  it("tells the state of every registered target, and why", async () => {
    const address = { host: "127.0.0.1", port: 40_000 };
    served.state.health = [
      { target: { id: "10.0.0.11", port: 8080, address }, state: "healthy" },
      {
        target: { id: "10.0.0.12", port: 8080, address },
        state: "unhealthy",
        reason: "Target.ResponseCodeMismatch",
        description: "Health checks failed with these codes: [503]",
      },
    ];
    const { TargetHealthDescriptions } = await client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: GROUP_1 }),
    );
    expect(TargetHealthDescriptions).toEqual([
      { Target: { Id: "10.0.0.11", Port: 8080 }, HealthCheckPort: "8080", TargetHealth: { State: "healthy" } },
      {
        Target: { Id: "10.0.0.12", Port: 8080 },
        HealthCheckPort: "8080",
        TargetHealth: {
          State: "unhealthy",
          Reason: "Target.ResponseCodeMismatch",
          Description: "Health checks failed with these codes: [503]",
        },
      },
    ]);
  });

  it("gives an unknown target as not registered", async () => {
    const { TargetHealthDescriptions } = await client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: GROUP_1, Targets: [{ Id: "10.9.9.9", Port: 80 }] }),
    );
    expect(TargetHealthDescriptions).toMatchObject([
      { Target: { Id: "10.9.9.9", Port: 80 }, TargetHealth: { State: "unused", Reason: "Target.NotRegistered" } },
    ]);
  });
});

it("has no tags on its resources, and tells which don't exist", async () => {
  const ResourceArns = [TEMPLATE.loadBalancer.arn, LISTENER, GROUP_1];
  const { TagDescriptions } = await client.send(new DescribeTagsCommand({ ResourceArns }));
  expect(TagDescriptions).toEqual(ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: [] })));
  await expect(client.send(new DescribeTagsCommand({ ResourceArns: [`${GROUP_1}0`] }))).rejects.toMatchObject({
    name: "TargetGroupNotFoundException",
  });
});
