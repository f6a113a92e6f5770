import { readFileSync } from "node:fs";
import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadConfig } from "../../../stacks/config";
import { initialListeners } from "../../../scripts/cloud/codedeploy/forward";
import {
  connectToLiveAws,
  type LiveAction,
  type LiveAws,
  type LiveConnection,
  type LiveInput,
  type LiveOutput,
} from "../../../scripts/rehearse/live/aws";
import { readLive, type LiveOptions } from "../../../scripts/rehearse/live/read-live";
import { GROUP_1, GROUP_2, LISTENER, TEMPLATE } from "../../cloud/aws/fake-cloud";
import { serve, type Served } from "../../cloud/aws/served";

const existing = { cluster: "shop", service: "shop", application: "shop", deploymentGroup: "shop" };
const config = loadConfig({
  environment: "staging",
  context: { defaults: { project: "shop" }, environments: { staging: { existing } } },
});
const OPTIONS: LiveOptions = {
  config,
  region: "eu-central-1",
  tables: [],
  withValues: false,
  now: new Date("2026-01-31T12:00:00Z"),
};

let served: Served;
let connection: LiveConnection;

beforeEach(async () => {
  served = await serve();
  served.state.forward.set(LISTENER, [
    { targetGroupArn: GROUP_1, weight: 100 },
    { targetGroupArn: GROUP_2, weight: 0 },
  ]);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: served.server.endpoint,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });
  connection = await connectToLiveAws("eu-central-1", new AbortController().signal);
});
afterEach(async () => {
  connection.close();
  await served.server.stop();
});

/** AWS's answers, of which one is changed. */
function answering<Action extends LiveAction>(
  action: Action,
  change: (answer: LiveOutput<Action>, input: LiveInput<Action>) => unknown,
): LiveAws {
  const ask = connection.aws[action] as (input: LiveInput<Action>) => Promise<LiveOutput<Action>>;
  return {
    ...connection.aws,
    [action]: async (input: LiveInput<Action>) => {
      const answer = await ask(input);
      return change(answer, input) ?? answer;
    },
  };
}

/** AWS, where one action fails. */
function failing(action: LiveAction, name: string, message: string): LiveAws {
  return { ...connection.aws, [action]: () => Promise.reject(Object.assign(new Error(message), { name })) };
}

const read = (aws = connection.aws, options: Partial<LiveOptions> = {}) => readLive(aws, { ...OPTIONS, ...options });

/** Changes the answer about one target group's attributes. */
const withAttribute = (Key: string, Value: string) =>
  answering("elasticloadbalancing:DescribeTargetGroupAttributes", ({ Attributes = [] }) => ({
    Attributes: [...Attributes.filter((one) => one.Key !== Key), { Key, Value }],
  }));

/** The alarms that CloudWatch gives, changed. */
const withAlarm = (change: object) =>
  answering("cloudwatch:DescribeAlarms", ({ MetricAlarms = [] }) => {
    Object.assign(MetricAlarms[0] ?? {}, change);
  });

describe("readLive", () => {
  it("gives the template that the live service was made of, where AWS adds only defaults", async () => {
    const { template, from, readAt } = await read();
    const { alarms, taskDefinition, service, ...rest } = TEMPLATE;
    expect(from).toEqual({ account: "123456789012", region: "eu-central-1", ...existing });
    expect(readAt).toBe("2026-01-31T12:00:00.000Z");
    expect(template).toMatchObject({
      ...rest,
      // The local cloud gives the addresses on this machine.
      loadBalancer: { ...TEMPLATE.loadBalancer, dnsName: "localhost" },
      listeners: [
        { ...initialListeners(TEMPLATE)[0], port: 40080 },
        { ...TEMPLATE.listeners[1], port: 49090, forward: [{ targetGroupArn: GROUP_2 }] },
      ],
      // The group has a predefined config, so no other is read.
      deploymentConfigs: [],
      service: { ...service, launchType: "FARGATE" },
    });
    expect(template.alarms).toEqual([
      alarms[0],
      { ...alarms[1], actions: { enabled: true, alarm: [], ok: [], insufficientData: [] } },
    ]);
    // Tags are no part of what runs.
    const kept = Object.fromEntries(Object.entries(taskDefinition).filter(([key]) => key !== "tags"));
    expect(template.taskDefinition).toMatchObject(kept);
  });

  it("keeps no value that may be secret, unless it is told to", async () => {
    const [definition] = served.state.taskDefinitions;
    Object.assign(definition?.definition.containerDefinitions[0] ?? {}, {
      environment: [
        { name: "PORT", value: "8080" },
        { name: "DEBUG", value: "false" },
        { name: "DATABASE_URL", value: "postgres://user:hunter2@db/shop" },
        { name: "CITY", value: "Bern" },
      ],
      secrets: [{ name: "TOKEN", valueFrom: "arn:aws:ssm:eu-central-1:123456789012:parameter/token" }],
      command: ["serve", "--password=hunter2"],
      logConfiguration: { logDriver: "splunk", options: { "splunk-token": "hunter2" } },
    });
    const known = loadConfig({
      environment: "staging",
      context: {
        defaults: { project: "shop", service: { environment: { TOWN: "Bern" } } },
        environments: { staging: { existing } },
      },
    });
    const file = await read(connection.aws, { config: known });
    expect(JSON.stringify(file)).not.toContain("hunter2");
    expect(file.withheld).toEqual(["api: DATABASE_URL", "api: command", "api: logConfiguration"]);
    const [container] = file.template.taskDefinition.containerDefinitions;
    expect(container?.environment).toEqual([
      { name: "PORT", value: "8080" },
      { name: "DEBUG", value: "false" },
      { name: "CITY", value: "Bern" },
    ]);
    expect(container?.["secrets"]).toHaveLength(1);

    const whole = await read(connection.aws, { withValues: true });
    expect(whole.withheld).toEqual([]);
    expect(JSON.stringify(whole.template).match(/hunter2/g)).toHaveLength(3);
  });

  it("reads every page of alarms and rules, and a custom deployment config", async () => {
    served.state.group = { ...served.state.group, deploymentConfigName: "shop-canary" };
    const aws: LiveAws = {
      ...answering("codedeploy:GetDeploymentGroup", ({ deploymentGroupInfo }) => {
        Object.assign(deploymentGroupInfo ?? {}, { deploymentConfigName: "shop-canary" });
      }),
      "cloudwatch:DescribeAlarms": async ({ NextToken, ...input }) => {
        const { MetricAlarms = [] } = await connection.aws["cloudwatch:DescribeAlarms"](input);
        // A page of composite alarms has no metric alarms at all.
        if (NextToken === undefined) return { CompositeAlarms: [], NextToken: "1" };
        const at = Number(NextToken);
        return { MetricAlarms: [MetricAlarms[at - 1] ?? {}], ...(at === 1 && { NextToken: "2" }) };
      },
      "elasticloadbalancing:DescribeRules": ({ Marker }) =>
        Promise.resolve(
          Marker === undefined
            ? { Rules: [{ Priority: "default", IsDefault: true }], NextMarker: "next" }
            : { Rules: [{ Priority: "7", Actions: [{ Type: "fixed-response" }] }] },
        ),
    };
    const { template, notPlayed } = await read(aws);
    expect(template.alarms.map(({ name }) => name)).toEqual(["shop-target-5xx-1", "shop-latency-1"]);
    expect(template.deploymentConfigs).toEqual(TEMPLATE.deploymentConfigs);
    expect(notPlayed).toContain(
      `The rule 7 of the listener ${LISTENER} is not played: it doesn't forward to the service. ` +
        "Requests that fit it are treated as if it were not there.",
    );
  });

  it("makes the calls that the policy in docs/rehearsal.md allows, and no others", async () => {
    const calls = new Set<string>();
    const custom = answering("codedeploy:GetDeploymentGroup", ({ deploymentGroupInfo }) => {
      Object.assign(deploymentGroupInfo ?? {}, { deploymentConfigName: "shop-canary" });
    });
    const noting = Object.entries(custom).map(([action, call]) => [
      action,
      (input: never) => {
        calls.add(action);
        return (call as (input: never) => Promise<unknown>)(input);
      },
    ]);
    await read(Object.fromEntries(noting) as LiveAws);
    const blocks = [...readFileSync("docs/rehearsal.md", "utf8").matchAll(/```json\n(.*?)```/gs)];
    const policy = blocks.map(([, text = ""]) => text).find((text) => text.includes('"Statement"')) ?? "{}";
    const { Statement } = JSON.parse(policy) as { Statement: { Effect: string; Action: string[] }[] };
    expect(Statement.map(({ Effect }) => Effect)).toEqual(Statement.map(() => "Allow"));
    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([...calls].sort());
  });

  it("stops at pages that never end", async () => {
    const page = { MetricAlarms: [], NextToken: "again" };
    const aws = { ...connection.aws, "cloudwatch:DescribeAlarms": () => Promise.resolve(page) };
    await expect(read(aws)).rejects.toThrow("the same page of the alarms of the deployment group again and again");
  });

  const RULE = `${LISTENER.replace(":listener/", ":listener-rule/")}/1`;
  /** A listener that others share: its default action is another service's, and one rule is the service's. */
  const shared = (rule: Rule): LiveAws => {
    const other = { TargetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/other/1" };
    return {
      ...answering("elasticloadbalancing:DescribeListeners", ({ Listeners = [] }) => {
        for (const listener of Listeners) listener.DefaultActions = [{ Type: "forward", ...other }];
      }),
      "elasticloadbalancing:DescribeRules": ({ ListenerArn }) =>
        Promise.resolve({
          Rules: [
            { Priority: "1", Actions: [{ Type: "forward", ...other }] },
            {
              RuleArn: RULE,
              Priority: "2",
              Actions: [{ Type: "forward", TargetGroupArn: GROUP_1 }],
              ...(ListenerArn === LISTENER && rule),
            },
          ],
        }),
    };
  };

  it("plays the service's rules on a shared load balancer, in each of AWS's forms", async () => {
    const { template, notPlayed } = await read(
      shared({
        // Some proxies and emulators write numbers as texts.
        Actions: [
          {
            Type: "forward",
            ForwardConfig: { TargetGroups: [{ TargetGroupArn: GROUP_1, Weight: "100" as unknown as number }] },
          },
        ],
        Conditions: [
          { Field: "host-header", HostHeaderConfig: { Values: ["shop.example.com"] }, Values: ["shop.example.com"] },
          { Field: "path-pattern", Values: ["/shop/*"] },
        ],
      }),
    );
    expect(template.listeners.map(({ forward, rules }) => ({ forward, rules }))).toEqual([
      {
        forward: [],
        rules: [
          {
            arn: RULE,
            priority: 2,
            conditions: { hosts: ["shop.example.com"], paths: ["/shop/*"] },
            forward: [{ targetGroupArn: GROUP_1, weight: 100 }],
          },
        ],
      },
      {
        forward: [],
        rules: [{ arn: RULE, priority: 2, conditions: {}, forward: [{ targetGroupArn: GROUP_1, weight: 1 }] }],
      },
    ]);
    expect(notPlayed).toContain(
      `The default action of the listener ${LISTENER} is not played: requests that fit no rule get 404.`,
    );
    expect(notPlayed.filter((line) => line.startsWith("The rule 1 of the listener "))).toHaveLength(2);
  });

  it.each<readonly [string, Rule]>([
    ["rule 2: it has the condition source-ip", { Conditions: [{ Field: "source-ip" }] }],
    [
      "rule 2: its condition path-pattern has a regular expression",
      { Conditions: [{ Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/shop"] } }] },
    ],
    ["rule 2: it has transforms", { Transforms: [{ Type: "url-rewrite" }] }],
    [
      "rule 2: it also forwards to arn:aws:other",
      {
        Actions: [
          {
            Type: "forward",
            ForwardConfig: { TargetGroups: [{ TargetGroupArn: GROUP_1 }, { TargetGroupArn: "arn:aws:other" }] },
          },
        ],
      },
    ],
    ["forwards to neither target group", { Actions: [{ Type: "redirect" }] }],
  ])("refuses a rule that can't be played: %s", async (words, rule) => {
    await expect(read(shared(rule))).rejects.toThrow(words);
  });

  it.each<readonly [string, RegExp, () => LiveAws]>([
    [
      "stickiness",
      /target group shop-1: stickiness.enabled is true, and must be false/,
      () => withAttribute("stickiness.enabled", "true"),
    ],
    ["slow start", /slow_start.duration_seconds is 30/, () => withAttribute("slow_start.duration_seconds", "30")],
    [
      "target group health",
      /minimum_healthy_targets.percentage is 50: the local load balancer fails open/,
      () => withAttribute("target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "50"),
    ],
    [
      "gRPC targets",
      /ProtocolVersion is GRPC, and must be HTTP1/,
      () =>
        answering("elasticloadbalancing:DescribeTargetGroups", ({ TargetGroups = [] }) => {
          for (const group of TargetGroups) group.ProtocolVersion = "GRPC";
        }),
    ],
    [
      "a health check on another port",
      /HealthCheckPort is 9000, and must be traffic-port/,
      () =>
        answering("elasticloadbalancing:DescribeTargetGroups", ({ TargetGroups = [] }) => {
          for (const group of TargetGroups) group.HealthCheckPort = "9000";
        }),
    ],
    [
      "KEEP_ALIVE",
      /deployment group shop has the termination action KEEP_ALIVE/,
      () =>
        answering("codedeploy:GetDeploymentGroup", ({ deploymentGroupInfo }) => {
          Object.assign(deploymentGroupInfo?.blueGreenDeploymentConfiguration ?? {}, {
            terminateBlueInstancesOnDeploymentSuccess: { action: "KEEP_ALIVE" },
          });
        }),
    ],
    [
      "the controller ECS",
      /has the deployment controller ECS/,
      () =>
        answering("ecs:DescribeServices", ({ services = [] }) => {
          // ECS leaves the member out for its own controller.
          for (const service of services) delete service.deploymentController;
        }),
    ],
    [
      "a service that is being deleted",
      /The service shop of the cluster shop is DRAINING, not ACTIVE/,
      () =>
        answering("ecs:DescribeServices", ({ services = [] }) => {
          Object.assign(services[0] ?? {}, { status: "DRAINING" });
        }),
    ],
    [
      "the group of another service",
      /deployment group shop releases the service billing of the cluster shop, not shop of shop: name the group of this/,
      () =>
        answering("codedeploy:GetDeploymentGroup", ({ deploymentGroupInfo }) => {
          Object.assign(deploymentGroupInfo ?? {}, { ecsServices: [{ clusterName: "shop", serviceName: "billing" }] });
        }),
    ],
    [
      "a group for functions",
      /is of the compute platform Lambda, not of ECS/,
      () =>
        answering("codedeploy:GetDeploymentGroup", ({ deploymentGroupInfo }) => {
          Object.assign(deploymentGroupInfo ?? {}, { computePlatform: "Lambda" });
        }),
    ],
    [
      "tasks of instances in their own network",
      /TargetType is instance, and must be ip/,
      () =>
        answering("elasticloadbalancing:DescribeTargetGroups", ({ TargetGroups = [] }) => {
          for (const group of TargetGroups) group.TargetType = "instance";
        }),
    ],
    [
      "the network mode host",
      /has no network configuration: the local cloud plays the network mode awsvpc only/,
      () =>
        answering("ecs:DescribeServices", ({ services = [] }) => {
          const [service] = services;
          delete service?.networkConfiguration;
          for (const set of service?.taskSets ?? []) delete set.networkConfiguration;
        }),
    ],
    [
      "a network load balancer",
      /Type is network, and must be application/,
      () =>
        answering("elasticloadbalancing:DescribeLoadBalancers", ({ LoadBalancers = [] }) => {
          Object.assign(LoadBalancers[0] ?? {}, { Type: "network" });
        }),
    ],
    [
      "two target groups",
      /is behind 2 target groups, and must be behind one/,
      () =>
        answering("ecs:DescribeServices", ({ services = [] }) => {
          const [service] = services;
          const balancers = service?.loadBalancers ?? [];
          Object.assign(service ?? {}, { taskSets: [], loadBalancers: [...balancers, ...balancers] });
        }),
    ],
    [
      "no tasks",
      /has no tasks \(desiredCount 0\)/,
      () =>
        answering("ecs:DescribeServices", ({ services = [] }) => {
          const [service] = services;
          Object.assign(service ?? {}, { desiredCount: 0 });
        }),
    ],
    [
      "volumes",
      /task definition shop has volumes/,
      () =>
        answering("ecs:DescribeTaskDefinition", ({ taskDefinition }) => {
          Object.assign(taskDefinition ?? {}, { volumes: [{ name: "data" }] });
        }),
    ],
    [
      "an authentication",
      /its authenticate-oidc action can't be played/,
      () =>
        answering("elasticloadbalancing:DescribeListeners", ({ Listeners = [] }) => {
          for (const listener of Listeners) listener.DefaultActions?.unshift({ Type: "authenticate-oidc" });
        }),
    ],
    [
      "listeners of two load balancers",
      /The listeners are of the load balancers .* and .*: the local cloud has one/,
      () =>
        answering("elasticloadbalancing:DescribeListeners", ({ Listeners = [] }) => {
          Object.assign(Listeners[0] ?? {}, { LoadBalancerArn: "arn:other" });
        }),
    ],
    [
      "a missing member",
      /says about the service shop can't be rehearsed:\n {2}template.targetGroups.0.healthCheck.path: .*undefined/,
      () =>
        answering("elasticloadbalancing:DescribeTargetGroups", ({ TargetGroups = [] }) => {
          for (const group of TargetGroups) delete group.HealthCheckPath;
        }),
    ],
    [
      "another partition",
      /template.cluster.arn: must be an ARN of the partition aws/,
      () =>
        answering("ecs:DescribeServices", ({ services = [] }) => {
          const [service] = services;
          Object.assign(service ?? {}, { clusterArn: "arn:aws-cn:ecs:cn-north-1:123456789012:cluster/shop" });
        }),
    ],
  ])("refuses %s by name", async (_, words, aws) => {
    await expect(read(aws())).rejects.toThrow(words);
  });

  it("refuses a service whose traffic is being shifted, a wrong account and a missing service", async () => {
    const elsewhere = { ...config, account: "210987654321" };
    await expect(read(connection.aws, { config: elsewhere })).rejects.toThrow(
      "`account` in cdktf.json is 210987654321",
    );
    const nameless = { ...config, existing: { ...existing, service: "store" } };
    await expect(read(connection.aws, { config: nameless })).rejects.toThrow(
      "The service store of the cluster shop doesn't exist: check ENVIRONMENT",
    );
    const groupless = { ...config, existing: { ...existing, deploymentGroup: "store" } };
    await expect(read(connection.aws, { config: groupless })).rejects.toThrow(
      /^AWS has no deployment group store of the application shop \(codedeploy:GetDeploymentGroup: /,
    );
    served.state.forward.set(LISTENER, [
      { targetGroupArn: GROUP_1, weight: 90 },
      { targetGroupArn: GROUP_2, weight: 10 },
    ]);
    await expect(read()).rejects.toThrow("so a deployment is shifting traffic: wait for its end");
    served.state.forward.set(LISTENER, [{ targetGroupArn: GROUP_2, weight: 100 }]);
    await expect(read()).rejects.toThrow(
      `The production listener ${LISTENER} sends requests to another target group, and the live tasks are in ${GROUP_1}: ` +
        "wait for the end of the running deployment, or correct the listener",
    );
    served.state.forward.set(LISTENER, [{ targetGroupArn: GROUP_1, weight: 0 }]);
    await expect(read()).rejects.toThrow(`The production listener ${LISTENER} sends no requests, and the live tasks`);
  });

  it("refuses a cluster of another region before AWS is asked", async () => {
    const cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/shop";
    const elsewhere = { ...config, existing: { ...existing, cluster } };
    const nothing = {} as LiveAws;
    await expect(read(nothing, { config: elsewhere })).rejects.toThrow(
      `${cluster} (existing.cluster in cdktf.json) is in the region us-east-1, and eu-central-1 is read: correct the ARN`,
    );
    const here = { ...existing, cluster: cluster.replace("us-east-1", "eu-central-1") };
    expect((await read(connection.aws, { config: { ...config, existing: here } })).template.cluster.name).toBe("shop");
  });

  it.each([
    ["ThrottlingException", "AWS limits the rate of calls: try again in a minute"],
    ["Throttling", "AWS limits the rate of calls: try again in a minute"],
    ["ExpiredTokenException", "check AWS_PROFILE, the region and the network, and try again"],
  ])("says after %s what to do next", async (name, next) => {
    const aws = failing("cloudwatch:DescribeAlarms", name, "no");
    await expect(read(aws)).rejects.toThrow(`cloudwatch:DescribeAlarms failed with ${name}: no; ${next}`);
  });

  it("names what else of the service is not played", async () => {
    const registry = "arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-1";
    const aws: LiveAws = {
      ...connection.aws,
      "ecs:DescribeTaskDefinition": async (input) => {
        const { taskDefinition } = await connection.aws["ecs:DescribeTaskDefinition"](input);
        const [api] = taskDefinition?.containerDefinitions ?? [];
        Object.assign(taskDefinition ?? {}, {
          proxyConfiguration: { containerName: "envoy" },
          placementConstraints: [],
          containerDefinitions: [
            { name: "envoy", image: "envoy", healthCheck: { command: ["CMD", "true"] } },
            { ...api, healthCheck: undefined },
          ],
        });
        return { taskDefinition };
      },
      "ecs:DescribeServices": async (input) => {
        const { services = [] } = await connection.aws["ecs:DescribeServices"](input);
        const [service] = services;
        Object.assign(service ?? {}, { desiredCount: 12 });
        for (const set of service?.taskSets ?? [])
          Object.assign(set, {
            launchType: undefined,
            capacityProviderStrategy: [{ capacityProvider: "spot-instances", weight: 1 }],
            serviceRegistries: [{ registryArn: registry }],
          });
        return { services };
      },
      "codedeploy:GetDeploymentGroup": async (input) => {
        const { deploymentGroupInfo } = await connection.aws["codedeploy:GetDeploymentGroup"](input);
        Object.assign(deploymentGroupInfo?.blueGreenDeploymentConfiguration ?? {}, {
          deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 30 },
        });
        return { deploymentGroupInfo };
      },
      "elasticloadbalancing:DescribeListeners": async (input) => {
        const { Listeners = [] } = await connection.aws["elasticloadbalancing:DescribeListeners"](input);
        Object.assign(Listeners[0] ?? {}, { Protocol: "HTTPS", MutualAuthentication: { Mode: "verify" } });
        return { Listeners };
      },
    };
    const { notPlayed } = await read(aws);
    expect(notPlayed).toEqual([
      `TLS of the listener ${LISTENER} is not played: requests are plain HTTP, without its certificates and policy, nor ` +
        "clients' certificates (MutualAuthentication verify).",
      "Hooks of the appspec are not played: their Lambda functions are not read.",
      "Nobody continues a deployment here, so it is stopped after its wait of 30 minutes (STOP_DEPLOYMENT). Without " +
        "deploymentGroup.readyWaitMinutes, a template file is played without this wait.",
      "Containers beside api, which the load balancer reaches, are not played: envoy.",
      "Health checks of containers are not played: envoy. Those of the target group are.",
      "Of the task definition, proxyConfiguration is not played.",
      "Auto scaling is not played: the service keeps 12 tasks.",
      "The service has 12 tasks, and this machine starts as many for each version. A smaller service.desiredCount in the " +
        "template file, played with --template, is faster.",
      `Service discovery is not played: ${registry}.`,
      "The cluster's instances are not played: on AWS, the tasks of both versions need room on them at the same time.",
    ]);
  });

  it("takes a health check on the port of the traffic, and target groups with another default port", async () => {
    const aws = answering("elasticloadbalancing:DescribeTargetGroups", ({ TargetGroups = [] }) => {
      for (const group of TargetGroups) Object.assign(group, { HealthCheckPort: "8080", Port: 80 });
    });
    expect((await read(aws)).template.targetGroups.map(({ port }) => port)).toEqual([80, 80]);
  });

  it.each(["AccessDeniedException", "AccessDenied"])("names the action and what is missing after %s", async (name) => {
    const aws = failing("elasticloadbalancing:DescribeRules", name, "no identity-based policy allows it");
    await expect(read(aws)).rejects.toThrow(
      `elasticloadbalancing:DescribeRules is not allowed, so the template would lack the rules of the listener ${LISTENER}: ` +
        "allow the action, or choose another AWS_PROFILE. AWS says: no identity-based policy allows it",
    );
  });
});

describe("the alarms of a live service", () => {
  const about = (LoadBalancer: string) => [{ Name: "LoadBalancer", Value: LoadBalancer }];

  it.each<readonly [string, string, object]>([
    [
      "anomaly detection",
      "which has no anomaly detection",
      { ThresholdMetricId: "ad1", ComparisonOperator: "GreaterThanUpperThreshold" },
    ],
    [
      "a statistic of its own kind",
      'the statistic "tm90" is not supported',
      { Statistic: undefined, ExtendedStatistic: "tm90" },
    ],
    [
      "a metric of another account",
      "it reads a metric of the account 210987654321",
      { MetricName: undefined, Metrics: [{ Id: "m1", AccountId: "210987654321", ReturnData: true }] },
    ],
    [
      "PromQL",
      "it is evaluated by PromQL",
      { MetricName: undefined, EvaluationCriteria: { PromQLCriteria: { Query: "up == 0" } } },
    ],
    [
      "Metrics Insights",
      "SELECT",
      {
        MetricName: undefined,
        Metrics: [{ Id: "q1", Expression: 'SELECT SUM(Errors) FROM "Shop"', ReturnData: true }],
      },
    ],
    [
      "a search",
      "metric math: there is no metric to compute from",
      { MetricName: undefined, Metrics: [{ Id: "e1", Expression: "SUM(SEARCH('{Shop} Errors', 'Sum'))" }] },
    ],
    ["another unit", "its unit is not supported by the local cloud", { Unit: "Percent" }],
    [
      "metrics that the local cloud doesn't publish, where missing data breaches",
      "so it would always be in ALARM",
      { Namespace: "AWS/ECS", MetricName: "CPUUtilization", TreatMissingData: "breaching" },
    ],
  ])("leaves an alarm with %s out, and tells it", async (_, words, change) => {
    const { template, notPlayed } = await read(withAlarm(change));
    expect(template.alarms.map(({ name }) => name)).toHaveLength(1);
    expect(template.deploymentGroup.alarms.names).toEqual(template.alarms.map(({ name }) => name));
    expect(notPlayed).toContainEqual(expect.stringMatching(/^The alarm shop-latency-1 is not played: /));
    expect(notPlayed.join("\n")).toContain(words);
  });

  it.each<readonly [string, string, object]>([
    [
      "another load balancer",
      "it is about app/other/1, not about the one of the service",
      { Dimensions: about("app/other/1") },
    ],
    [
      "another namespace",
      "the local cloud publishes no AWS/ECS CPUUtilization",
      { Namespace: "AWS/ECS", MetricName: "CPUUtilization" },
    ],
    [
      "a metric that ALBs have and the local one doesn't",
      "the local cloud publishes no AWS/ApplicationELB RequestCountPerTarget",
      { MetricName: "RequestCountPerTarget" },
    ],
    [
      "the load balancer's own errors, for a target group",
      "the local cloud publishes HTTPCode_ELB_5XX_Count for the whole load balancer only",
      {
        MetricName: "HTTPCode_ELB_5XX_Count",
        Dimensions: [
          ...about("app/shop/1111111111111111"),
          { Name: "TargetGroup", Value: TEMPLATE.targetGroups[0]?.arnSuffix },
        ],
      },
    ],
    [
      "healthy hosts of the whole load balancer",
      "the local cloud publishes HealthyHostCount for each target group only",
      { MetricName: "HealthyHostCount" },
    ],
    [
      "a zone",
      "publishes TargetResponseTime without the dimension AvailabilityZone",
      { Dimensions: [...about("app/shop/1111111111111111"), { Name: "AvailabilityZone", Value: "a" }] },
    ],
  ])("keeps an alarm about %s, and tells that it gets no data", async (_, words, change) => {
    const { template, notPlayed } = await read(withAlarm(change));
    expect(template.alarms).toHaveLength(2);
    expect(notPlayed).toContainEqual(expect.stringMatching(/^The alarm shop-latency-1 gets no data: /));
    expect(notPlayed.join("\n")).toContain(words);
  });

  it("keeps percentiles, metric math and windows", async () => {
    const stat = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: "AWS/ApplicationELB", MetricName, Dimensions: about("app/shop/1111111111111111") },
        Period: 60,
        Stat: "Sum",
      },
      ReturnData: false,
    });
    const { template, notPlayed } = await read(
      withAlarm({
        ...{ Namespace: undefined, MetricName: undefined, Dimensions: undefined, Period: undefined },
        ExtendedStatistic: undefined,
        Metrics: [
          { Id: "rate", Expression: "100 * errors / requests", Label: "rate", ReturnData: true },
          stat("errors", "HTTPCode_Target_5XX_Count"),
          stat("requests", "RequestCount"),
        ],
        EvaluationWindow: { WallClockWindow: { Timezone: "Europe/Zurich" } },
      }),
    );
    expect(template.alarms.find(({ metrics }) => metrics)).toMatchObject({
      evaluationWindow: { type: "wallClock", timeZone: "Europe/Zurich" },
      metrics: [
        { id: "rate", expression: "100 * errors / requests", returnData: true },
        { id: "errors" },
        { id: "requests" },
      ],
    });
    expect(notPlayed.join()).not.toContain("alarm");
  });

  it("keeps an expression of which only a part has data, and tells it", async () => {
    const stat = (Id: string, Namespace: string, MetricName: string) => ({
      Id,
      MetricStat: {
        Metric: { Namespace, MetricName, Dimensions: about("app/shop/1111111111111111") },
        Period: 60,
        Stat: "Sum",
      },
      ReturnData: false,
    });
    const { template, notPlayed, leftOutAlarms } = await read(
      withAlarm({
        ...{ Namespace: undefined, MetricName: undefined, Dimensions: undefined, Period: undefined },
        ExtendedStatistic: undefined,
        Metrics: [
          { Id: "sum", Expression: "FILL(own, 0) + errors", ReturnData: true },
          stat("errors", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"),
          stat("own", "Shop", "Errors"),
        ],
      }),
    );
    expect(template.alarms).toHaveLength(2);
    expect(leftOutAlarms).toEqual([]);
    expect(notPlayed).toContain(
      "The alarm shop-latency-1 gets only a part of its data: the local cloud publishes no Shop Errors. " +
        "It may fire or not, unlike on AWS.",
    );
  });

  it("tells composite and vanished alarms, and that none is left", async () => {
    const aws = answering("cloudwatch:DescribeAlarms", () => ({
      MetricAlarms: [],
      CompositeAlarms: [{ AlarmName: "shop-latency-1" }],
    }));
    const { template, notPlayed, leftOutAlarms } = await read(aws);
    expect(template.deploymentGroup.alarms).toMatchObject({ enabled: false, names: [] });
    expect(leftOutAlarms).toEqual(["shop-target-5xx-1", "shop-latency-1"]);
    expect(notPlayed).toEqual([
      "The alarm shop-target-5xx-1 is not played: the deployment group names it, and CloudWatch has no metric or composite " +
        "alarm of this name.",
      "The alarm shop-latency-1 is not played: it is a composite alarm, and the local cloud has metric alarms only.",
      "Hooks of the appspec are not played: their Lambda functions are not read.",
      "No alarm of the deployment group is played, so no alarm can stop the release.",
      "Auto scaling is not played: the service keeps 2 tasks.",
    ]);
  });

  it("is asked for with composite alarms, which CloudWatch leaves out otherwise", async () => {
    const asked: unknown[] = [];
    await read(answering("cloudwatch:DescribeAlarms", (_, input) => void asked.push(input)));
    expect(asked).toEqual([
      { AlarmNames: ["shop-target-5xx-1", "shop-latency-1"], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
    ]);
  });
});
