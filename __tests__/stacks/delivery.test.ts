import { THRESHOLD_KINDS, type ThresholdKind } from "../../stacks/config/alarms-schema";
import { type MetricLine, parseLimit } from "../../stacks/gate/limit";
import { type AlarmKind, alarmKindsOf } from "../../stacks/gate/presets";
import { namesOf, otherTargetGroup, TARGET_GROUPS, type TargetGroupKey } from "../../stacks/names";
import { synthesize, type Block, type Synthesized, type Template } from "./synthesize";

const staging = synthesize();
const { delivery } = staging.stacks;
const names = namesOf(staging.config);
const group = (settings: Block = {}) => synthesize(settings).stacks.delivery.only("aws_codedeploy_deployment_group");
const everyAlarm = TARGET_GROUPS.flatMap((key) => alarmKindsOf(staging.config).map((kind) => [kind, key] as const));
const alarmIn = (template: Template, kind: AlarmKind, key: TargetGroupKey) =>
  template.find("aws_cloudwatch_metric_alarm", { alarm_name: names.alarm(kind, key) });
const alarm = (kind: AlarmKind, key: TargetGroupKey) => alarmIn(delivery, kind, key);
const article = synthesize({ gate: { preset: "article" } });

/** What the alarms of each kind with a threshold watch by default, and the beginning of their graph's title. */
const WATCHED: Readonly<
  Record<ThresholdKind, { metric: string; statistic: string; threshold: number; title: string; description: string }>
> = {
  unhealthyHosts: {
    ...{ metric: "UnHealthyHostCount", statistic: "Maximum", threshold: 0, title: "Tasks" },
    description: "Targets fail their health checks: Maximum of UnHealthyHostCount above 0.",
  },
  target5xx: {
    ...{ metric: "HTTPCode_Target_5XX_Count", statistic: "Sum", threshold: 2, title: "5xx" },
    description: "The service answers with 5xx: Sum of HTTPCode_Target_5XX_Count above 2.",
  },
  responseTime: {
    ...{ metric: "TargetResponseTime", statistic: "Average", threshold: 1.5, title: "Response time" },
    description: "The service answers slowly (seconds): Average of TargetResponseTime above 1.5.",
  },
  connectionErrors: {
    ...{ metric: "TargetConnectionErrorCount", statistic: "Sum", threshold: 0, title: "Connection errors" },
    description: "The load balancer can't connect to targets: Sum of TargetConnectionErrorCount above 0.",
  },
};
const watched = THRESHOLD_KINDS.map((kind) => ({ kind, ...WATCHED[kind] }));

/** Follows dimensions into the stack of the service. */
function followed({ follow }: Synthesized, dimensions: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(dimensions as Block).map(([name, value]) => [name, follow(value)]));
}

function dimensionsOf({ stacks }: Synthesized, key: TargetGroupKey): Readonly<Record<string, unknown>> {
  const targetGroup = stacks.service.find("aws_lb_target_group", { name: names.targetGroups[key] });
  return {
    TargetGroup: `\${${String(targetGroup["address"])}.arn_suffix}`,
    LoadBalancer: expect.stringMatching(/aws_lb\..*\.arn_suffix/) as unknown,
  };
}

/** The lines of an alarm's metric math, as `parseLimit` takes them. */
function linesOf(synthesized: Synthesized, block: Block): readonly MetricLine[] {
  return (block["metric_query"] as readonly Block[]).map((query) => {
    const metric = query["metric"] as Block | undefined;
    return {
      id: String(query["id"]),
      ...(typeof query["expression"] === "string" && { expression: query["expression"] }),
      ...(metric && {
        metric: {
          namespace: String(metric["namespace"]),
          metricName: String(metric["metric_name"]),
          dimensions: followed(synthesized, metric["dimensions"]) as Readonly<Record<string, string>>,
          period: Number(metric["period"]),
          statistic: String(metric["stat"]),
        },
      }),
      returnData: query["return_data"] === true,
    };
  });
}

describe("the alarms of the article", () => {
  it("are these and no others", () => {
    expect(article.stacks.delivery.all("aws_cloudwatch_metric_alarm")).toHaveLength(8);
  });

  it.each(watched)("of $kind watch $metric ($statistic > $threshold) on both target groups", (expected) => {
    const { kind, metric, statistic, threshold, description } = expected;
    for (const key of TARGET_GROUPS) {
      const { address, dimensions, alarm_actions: actions, ...block } = alarmIn(article.stacks.delivery, kind, key);
      expect(address).toMatch(new RegExp(`^aws_cloudwatch_metric_alarm\\.alarms-${key}_${kind}_[0-9A-F]{8}$`));
      expect(followed(article, dimensions)).toEqual(dimensionsOf(article, key));
      expect(block).toMatchObject({
        alarm_description: description,
        alarm_name: names.alarm(kind, key),
        namespace: "AWS/ApplicationELB",
        metric_name: metric,
        statistic,
        threshold,
        comparison_operator: "GreaterThanThreshold",
        period: 60,
        evaluation_periods: 1,
        datapoints_to_alarm: 1,
        treat_missing_data: "notBreaching",
        ok_actions: actions,
      });
      expect(block).not.toHaveProperty("metric_query");
    }
  });

  it("follow the configuration", () => {
    const template = synthesize({
      gate: { preset: "article" },
      alarms: { periodSeconds: 30, target5xx: { threshold: 5, evaluationPeriods: 3, datapointsToAlarm: 2 } },
    }).stacks.delivery;
    expect(
      template.find("aws_cloudwatch_metric_alarm", { alarm_name: "carts-api-staging-target-5xx-2" }),
    ).toMatchObject({ period: 30, threshold: 5, evaluation_periods: 3, datapoints_to_alarm: 2 });
  });
});

describe("the alarms with a limit", () => {
  const STRICT = { sigmas: 3.3, allowance: 1.35 };
  const BALANCED = { sigmas: 4.1, allowance: 1.25 };
  const ALONE = { ...BALANCED, normalShare: 0.001, windowSeconds: 300, slowSeconds: 1.5 };
  const DEFAULT = { ...ALONE, compare: { sigmas: 2, maxShare: 0.1, requestRatio: 9 } };

  it.each<[string, Block, object]>([
    ["by default", {}, DEFAULT],
    ["that is strict", { gate: { preset: "strict" } }, { ...DEFAULT, ...STRICT }],
    [
      "with numbers of one's own",
      {
        gate: {
          ...{ normalBadShare: 0.02, slowSeconds: 0.25, windowMinutes: 60, sigmas: 5, allowance: 0 },
          compare: { sigmas: 3, maxShare: 0.25 },
        },
      },
      {
        ...{ normalShare: 0.02, slowSeconds: 0.25, windowSeconds: 3600, sigmas: 5, allowance: 0 },
        compare: { sigmas: 3, maxShare: 0.25, requestRatio: 9 },
      },
    ],
    ["without a comparison", { gate: { compare: { enabled: false } } }, ALONE],
    [
      "of a longer canary",
      { delivery: { strategy: { type: "canary", percentage: 10, intervalMinutes: 12 } } },
      { ...DEFAULT, windowSeconds: 720 },
    ],
    [
      "of a canary of hours",
      { delivery: { strategy: { type: "canary", percentage: 10, intervalMinutes: 600 } } },
      { ...DEFAULT, windowSeconds: 900 },
    ],
    [
      "of a linear strategy",
      { delivery: { strategy: "ECSLinear10PercentEvery1Minutes" } },
      { ...DEFAULT, windowSeconds: 540 },
    ],
    [
      "of a first shift of 30 %, with a ratio that has no end",
      { delivery: { strategy: { type: "canary", percentage: 30, intervalMinutes: 5 } } },
      { ...DEFAULT, compare: { ...DEFAULT.compare, requestRatio: 2.333333333 } },
    ],
    [
      "of the smallest first shift",
      { delivery: { strategy: { type: "canary", percentage: 1, intervalMinutes: 5 } } },
      { ...DEFAULT, compare: { ...DEFAULT.compare, requestRatio: 99 } },
    ],
    [
      "of the largest first shift",
      { delivery: { strategy: { type: "linear", percentage: 99, intervalMinutes: 5 } } },
      { ...DEFAULT, compare: { ...DEFAULT.compare, requestRatio: 0.01010101 } },
    ],
    [
      "of a strategy that shifts at once, so that the other version has requests before it only",
      { delivery: { strategy: "ECSAllAtOnce" } },
      { ...ALONE, compare: { sigmas: 2, maxShare: 0.1 } },
    ],
  ])("%s compare each target group's requests with its limit", (_, settings, expected) => {
    const synthesized = synthesize(settings);
    const { slowSeconds, ...limit } = expected as typeof DEFAULT;
    for (const key of TARGET_GROUPS) {
      const own = dimensionsOf(synthesized, key);
      const judged = {
        targetGroup: own["TargetGroup"],
        otherTargetGroup: dimensionsOf(synthesized, otherTargetGroup(key))["TargetGroup"],
        loadBalancer: own["LoadBalancer"],
      };
      for (const bad of [{ kind: "failedRequests" }, { kind: "slowRequests", slowSeconds }] as const) {
        const block = alarmIn(synthesized.stacks.delivery, bad.kind, key);
        expect(parseLimit(linesOf(synthesized, block))).toEqual({ ...limit, judged: { bad, ...judged } });
        expect(block).toMatchObject({
          threshold: 0,
          comparison_operator: "GreaterThanThreshold",
          evaluation_periods: 1,
          datapoints_to_alarm: 1,
          treat_missing_data: "notBreaching",
        });
        expect(block).not.toHaveProperty("metric_name");
      }
    }
  });

  it("are beside that of unhealthy targets, and no others", () => {
    expect(everyAlarm).toHaveLength(6);
    expect(delivery.all("aws_cloudwatch_metric_alarm")).toHaveLength(6);
    const { alarm_description: description } = alarm("unhealthyHosts", "1");
    expect(description).toBe(WATCHED.unhealthyHosts.description);
  });

  it("say in words what they count, with their numbers", () => {
    expect(alarm("failedRequests", "1")["alarm_description"]).toBe(
      "Too many requests fail: in 5 minutes more answers with 5xx and failed connections to targets than the limit, which is " +
        "0.1 % of the requests + 4.1 standard deviations + 1.25 (of 1000 requests, 6 may be bad). When the other version has " +
        "more than 0.1 % + 2 standard deviations as well, its share counts instead, 10 % at most. It is a share of at most 9 of its " +
        "requests for each one of this version: those since the first shift.",
    );
    const strict = synthesize({ gate: { preset: "strict", slowSeconds: 0.5, compare: { enabled: false } } });
    expect(alarmIn(strict.stacks.delivery, "slowRequests", "2")["alarm_description"]).toBe(
      "Too many requests are slow: in 5 minutes more answers later than 0.5 s than the limit, which is 0.1 % of the " +
        "requests + 3.3 standard deviations + 1.35 (of 1000 requests, 5 may be bad).",
    );
  });

  it("have descriptions and expressions that CloudWatch takes, also with long numbers", () => {
    const long = 0.123456789;
    const gate = { normalBadShare: 0.000000123, slowSeconds: 99.123456789, sigmas: 9.123456789, allowance: long };
    const template = synthesize({ gate: { ...gate, compare: { sigmas: 7.123456789, maxShare: long } } }).stacks
      .delivery;
    for (const block of template.all("aws_cloudwatch_metric_alarm")) {
      expect(String(block["alarm_description"]).length).toBeLessThanOrEqual(1024);
      for (const { expression = "" } of (block["metric_query"] ?? []) as readonly { expression?: string }[]) {
        expect(expression.length).toBeLessThanOrEqual(1024);
      }
    }
  });
});

describe("the alarms", () => {
  it("outlive the group's reference to them when they are replaced", () => {
    for (const each of delivery.all("aws_cloudwatch_metric_alarm")) {
      expect(each["lifecycle"]).toEqual({ create_before_destroy: true });
    }
  });
});

describe("the deployment group", () => {
  it("is stopped by every alarm, and by not being able to read them", () => {
    const { alarms, ...rest } = group()["alarm_configuration"] as { alarms: string[] };
    const addresses = everyAlarm.map(([kind, key]) => `\${${String(alarm(kind, key)["address"])}.alarm_name}`);
    expect([...alarms].sort()).toEqual(addresses.sort());
    expect(rest).toEqual({ enabled: true, ignore_poll_alarm_failure: false });
  });

  it("rolls back on failure, on request and on alarm", () => {
    expect(group()["auto_rollback_configuration"]).toEqual({
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST", "DEPLOYMENT_STOP_ON_ALARM"],
    });
  });

  it("is blue/green with traffic control and keeps the old tasks for five minutes", () => {
    expect(group()).toMatchObject({
      deployment_style: { deployment_type: "BLUE_GREEN", deployment_option: "WITH_TRAFFIC_CONTROL" },
      blue_green_deployment_config: {
        deployment_ready_option: { action_on_timeout: "CONTINUE_DEPLOYMENT" },
        terminate_blue_instances_on_deployment_success: {
          action: "TERMINATE",
          termination_wait_time_in_minutes: 5,
        },
      },
    });
  });

  it("shifts the service between both target groups on both listeners", () => {
    const { service } = staging.stacks;
    const pair = (group()["load_balancer_info"] as { target_group_pair_info: Record<string, unknown> })
      .target_group_pair_info as {
      prod_traffic_route: { listener_arns: string[] };
      test_traffic_route: { listener_arns: string[] };
      target_group: { name: string }[];
    };
    const listener = (port: number) => `\${${String(service.find("aws_lb_listener", { port })["address"])}.arn}`;
    expect(pair.prod_traffic_route.listener_arns.map(staging.follow)).toEqual([listener(80)]);
    expect(pair.test_traffic_route.listener_arns.map(staging.follow)).toEqual([listener(9090)]);
    expect(pair.target_group.map(({ name }) => staging.follow(name))).toEqual(
      TARGET_GROUPS.map(
        (key) =>
          `\${${String(service.find("aws_lb_target_group", { name: names.targetGroups[key] })["address"])}.name}`,
      ),
    );
    const ecs = group()["ecs_service"] as Block;
    expect(staging.follow(ecs["cluster_name"])).toMatch(/aws_ecs_cluster\..*\.name/);
    expect(staging.follow(ecs["service_name"])).toMatch(/aws_ecs_service\..*\.name/);
  });

  it("is destroyed before the role's policy", () => {
    const { address } = delivery.find("aws_iam_role_policy", { name: "carts-api-staging-codedeploy" });
    expect(group()["depends_on"]).toEqual([address]);
  });
});

describe("the strategy", () => {
  it.each([
    "ECSAllAtOnce",
    "ECSCanary10Percent5Minutes",
    "ECSCanary10Percent15Minutes",
    "ECSLinear10PercentEvery1Minutes",
    "ECSLinear10PercentEvery3Minutes",
  ])("%s is CodeDeploy's own", (strategy) => {
    const template = synthesize({ delivery: { strategy } }).stacks.delivery;
    expect(template.only("aws_codedeploy_deployment_group")["deployment_config_name"]).toBe(
      `CodeDeployDefault.${strategy}`,
    );
    expect(template.all("aws_codedeploy_deployment_config")).toEqual([]);
  });

  it.each([
    ["canary", { type: "TimeBasedCanary", time_based_canary: { percentage: 20, interval: 10 } }],
    ["linear", { type: "TimeBasedLinear", time_based_linear: { percentage: 20, interval: 10 } }],
  ])("of one's own, %s, is made", (type, routing) => {
    const strategy = { type, percentage: 20, intervalMinutes: 10 };
    const template = synthesize({ delivery: { strategy, terminationWaitMinutes: 0 } }).stacks.delivery;
    const config = template.find("aws_codedeploy_deployment_config", {});
    expect(config).toMatchObject({
      deployment_config_name: `carts-api-staging-${type}-20-percent-10-minutes`,
      compute_platform: "ECS",
      traffic_routing_config: routing,
      lifecycle: { create_before_destroy: true },
    });
    expect(template.only("aws_codedeploy_deployment_group")["deployment_config_name"]).toBe(
      `\${${String(config["address"])}.deployment_config_name}`,
    );
  });
});

describe("CodeDeploy's role", () => {
  const name = "carts-api-staging-codedeploy";
  const policy = JSON.parse(String(delivery.find("aws_iam_role_policy", { name })["policy"])) as {
    Statement: { Action: string[]; Resource: string[]; Condition?: unknown }[];
  };

  it("can only read where it isn't limited to this service", () => {
    const open = policy.Statement.filter(({ Resource }) => Resource.includes("*")).flatMap(({ Action }) => Action);
    expect(open.every((action) => action.includes(":Describe"))).toBe(true);
  });

  it("passes the two roles of the tasks, only to tasks", () => {
    const statement = policy.Statement.find(({ Action }) => Action.includes("iam:PassRole"));
    expect(statement?.Resource.map(staging.follow)).toEqual([
      expect.stringMatching(/aws_iam_role\.task-definition_execution-role/),
      expect.stringMatching(/aws_iam_role\.task-definition_task-role/),
    ]);
    expect(statement?.Condition).toEqual({ StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } });
  });

  it("is for this account's deployments", () => {
    expect(delivery.find("aws_iam_role", { name })["assume_role_policy"]).toContain('"aws:SourceAccount"');
  });
});

/** The only policy of a role with this name. */
function statementsOf(
  template: typeof delivery,
  name: string,
): { Action: string[]; Resource: string[]; Effect: string }[] {
  const { policy } = template.find("aws_iam_role_policy", { name });
  return (JSON.parse(String(policy)) as { Statement: { Action: string[]; Resource: string[]; Effect: string }[] })
    .Statement;
}

describe("the hook after test traffic", () => {
  const name = "carts-api-staging-probe-release";
  const hook = delivery.find("aws_lambda_function", { function_name: name });

  it("knows the test listener and the health check", () => {
    const { variables } = hook["environment"] as { variables: Record<string, string> };
    expect(variables["TEST_URL"]).toMatch(/^http:\/\/\$\{.*aws_lbload-balancer_\w*dns_name\}:9090$/);
    expect(variables["HEALTH_PATH"]).toBe("/health");
  });

  it("runs in the private subnets, and reaches only the test listener and CodeDeploy", () => {
    const { subnet_ids: subnets, security_group_ids: groups } = hook["vpc_config"] as Record<string, string[]>;
    expect(subnets?.map(staging.follow)).toEqual([
      expect.stringMatching(/aws_subnet\.vpc_private-0_.*\.id/),
      expect.stringMatching(/aws_subnet\.vpc_private-1_.*\.id/),
    ]);
    const { address } = delivery.find("aws_security_group", { name });
    expect(groups).toEqual([`\${${String(address)}.id}`]);
    expect(delivery.all("aws_vpc_security_group_ingress_rule")).toEqual([]);
    expect(delivery.all("aws_vpc_security_group_egress_rule").map(({ to_port: port }) => port)).toEqual([443, 9090]);
  });

  it("sends from a network that may reach the test listener", () => {
    const sources = staging.stacks.service
      .all("aws_vpc_security_group_ingress_rule")
      .flatMap((rule) => (rule["from_port"] === 9090 ? [staging.follow(rule["cidr_ipv4"])] : []));
    expect(sources.join(" ")).toMatch(/aws_nat_gateway|aws_eip|cross-stack/);
  });

  it("may report to CodeDeploy and write its logs, and nothing else by its own code", () => {
    const allowed = statementsOf(delivery, name).filter(({ Effect }) => Effect === "Allow");
    const denied = statementsOf(delivery, name).filter(({ Effect }) => Effect === "Deny");
    const actions = allowed.flatMap(({ Action }) => Action).filter((action) => !denied[0]?.Action.includes(action));
    expect(actions).toEqual([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "codedeploy:PutLifecycleEventHookExecutionStatus",
    ]);
  });

  it("keeps its logs as long as the service's, and reserves one execution", () => {
    expect(delivery.find("aws_cloudwatch_log_group", { name: `/aws/lambda/${name}` })).toMatchObject({
      retention_in_days: 30,
    });
    expect(hook).toMatchObject({ reserved_concurrent_executions: 1, runtime: "nodejs22.x", architectures: ["arm64"] });
    const { stacks } = synthesize({ delivery: { reserveConcurrency: false } });
    expect(stacks.delivery.only("aws_lambda_function")).not.toHaveProperty("reserved_concurrent_executions");
  });

  it("may be called by CodeDeploy", () => {
    const statements = statementsOf(delivery, "carts-api-staging-codedeploy");
    expect(statements.find(({ Action }) => Action.includes("lambda:InvokeFunction"))?.Resource).toEqual([
      `\${${String(hook["address"])}.arn}`,
    ]);
  });

  it("is left out by one key", () => {
    const { stacks } = synthesize({ delivery: { hook: false } });
    expect(stacks.delivery.all("aws_lambda_function")).toEqual([]);
    expect(JSON.stringify(stacks.delivery.json)).not.toContain("lambda:InvokeFunction");
  });

  it("uses HTTPS when the listener does", () => {
    const https = { domainName: "tasks.example.com", zoneId: "Z0123456789" };
    const { stacks } = synthesize({ loadBalancer: { https } });
    expect(stacks.delivery.only("aws_lambda_function")["environment"]).toEqual({
      variables: { TEST_URL: "https://tasks.example.com:9090", HEALTH_PATH: "/health", HEALTH_MATCHER: "200" },
    });
  });
});

describe("notifications", () => {
  const topic = delivery.find("aws_sns_topic", { name: "carts-api-staging-releases" });
  const topicArn = `\${${String(topic["address"])}.arn}`;

  it("report every alarm when it fires and when it returns to OK", () => {
    for (const each of delivery.all("aws_cloudwatch_metric_alarm")) {
      expect(each).toMatchObject({ alarm_actions: [topicArn], ok_actions: [topicArn] });
    }
  });

  it("report every deployment of the application", () => {
    const rule = delivery.only("aws_cloudwatch_event_rule");
    expect(JSON.parse(String(rule["event_pattern"]))).toEqual({
      source: ["aws.codedeploy"],
      "detail-type": ["CodeDeploy Deployment State-change Notification"],
      detail: { application: ["carts-api-staging"] },
    });
    const target = delivery.only("aws_cloudwatch_event_target");
    expect(target["arn"]).toBe(topicArn);
    const { input_template: words } = target["input_transformer"] as { input_template: string };
    expect(JSON.parse(words)).toMatch(/^Deployment <deployment> of carts-api-staging: <state>/);
  });

  it("report a rollback", () => {
    expect(group()["trigger_configuration"]).toEqual([
      {
        trigger_name: "carts-api-staging-release-was-rolled-back",
        trigger_events: ["DeploymentRollback"],
        trigger_target_arn: topicArn,
      },
    ]);
  });

  it("are encrypted with a key that is rotated every year, and that alarms and events may use", () => {
    const key = delivery.only("aws_kms_key");
    expect(key).toMatchObject({ enable_key_rotation: true });
    expect(topic["kms_master_key_id"]).toMatch(/^\$\{aws_kms_key\..*\.arn\}$/);
    expect(String(key["policy"])).toContain('["cloudwatch.amazonaws.com","events.amazonaws.com"]');
  });

  it("are published by alarms of this account and by EventBridge, only over TLS", () => {
    const { Statement } = JSON.parse(String(delivery.only("aws_sns_topic_policy")["policy"])) as {
      Statement: { Effect: string; Principal: unknown; Condition?: Record<string, unknown> }[];
    };
    const allowed = Statement.filter(({ Effect }) => Effect === "Allow").map(({ Principal }) => Principal);
    expect(allowed).toEqual([{ Service: "cloudwatch.amazonaws.com" }, { Service: "events.amazonaws.com" }]);
    expect(Statement[0]?.Condition).toHaveProperty("StringEquals");
    expect(Statement.at(-1)).toMatchObject({
      Effect: "Deny",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("go to the addresses asked for, and to Slack by a webhook that only the function reads", () => {
    const emails = ["a@example.com", "b@example.com"];
    const template = synthesize({ notifications: { emails, slackWebhookParameter: "/carts/slack" } }).stacks.delivery;
    const subscriptions = template.all("aws_sns_topic_subscription");
    expect(subscriptions.map(({ protocol }) => protocol).sort()).toEqual(["email", "email", "lambda"]);
    for (const endpoint of emails) expect(subscriptions).toContainEqual(expect.objectContaining({ endpoint }));
    const slack = "carts-api-staging-notify-slack";
    expect(template.find("aws_lambda_function", { function_name: slack })).toMatchObject({
      environment: { variables: { WEBHOOK_PARAMETER: "/carts/slack" } },
    });
    expect(statementsOf(template, slack)[1]).toMatchObject({
      Action: ["ssm:GetParameter"],
      Resource: [expect.stringMatching(/:parameter\/carts\/slack$/)],
    });
    expect(template.only("aws_lambda_permission")).toMatchObject({
      principal: "sns.amazonaws.com",
      source_arn: expect.stringMatching(/aws_sns_topic/) as string,
    });
  });

  it("are still sent to the others when one address is removed", () => {
    const addressOf = (emails: string[], endpoint: string) =>
      synthesize({ notifications: { emails } }).stacks.delivery.find("aws_sns_topic_subscription", { endpoint })[
        "address"
      ];
    const [first, second] = ["a@example.com", "b@example.com"] as const;
    const address = addressOf([first, second], second);
    expect(addressOf([second], second)).toBe(address);
    expect(address).not.toContain("example");
  });

  it("read a secret where the parameter refers to one", () => {
    const slackWebhookParameter = "/aws/reference/secretsmanager/tasks/slack";
    const template = synthesize({ notifications: { slackWebhookParameter } }).stacks.delivery;
    expect(statementsOf(template, "carts-api-staging-notify-slack")[2]).toMatchObject({
      Action: ["secretsmanager:GetSecretValue"],
      Resource: [expect.stringMatching(/:secret:tasks\/slack-\?{6}$/)],
    });
  });

  it("are left out by one key, with their costs", () => {
    const template = synthesize({ notifications: { enabled: false } }).stacks.delivery;
    for (const type of ["aws_sns_topic", "aws_kms_key", "aws_cloudwatch_event_rule"]) {
      expect(template.all(type)).toEqual([]);
    }
    expect(template.only("aws_codedeploy_deployment_group")).not.toHaveProperty("trigger_configuration");
    for (const each of template.all("aws_cloudwatch_metric_alarm")) expect(each).not.toHaveProperty("alarm_actions");
  });
});

describe("the dashboard", () => {
  interface Widget {
    readonly type: string;
    readonly x: number;
    readonly y: number;
    readonly properties: {
      readonly title?: string;
      readonly alarms?: readonly string[];
      readonly period?: number;
      readonly metrics?: readonly (readonly unknown[])[];
      readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
    };
  }
  const widgetsOf = (template: Template) => {
    const { dashboard_body: body } = template.only("aws_cloudwatch_dashboard");
    return (JSON.parse(String(body)) as { widgets: readonly Widget[] }).widgets;
  };
  const widgets = widgetsOf(delivery);
  const graphs = (title: string, among = widgets) =>
    among.filter(({ properties }) => properties.title?.startsWith(title));

  it.each([{ title: "Requests", threshold: undefined, metric: "RequestCount" }, ...watched])(
    "of the article shows $title of both target groups side by side, with the alarm's threshold $threshold",
    ({ title, threshold, metric }) => {
      const [left, right, ...others] = graphs(title, widgetsOf(article.stacks.delivery));
      expect(others).toEqual([]);
      expect([left?.x, right?.x]).toEqual([0, 12]);
      expect(left?.y).toBe(right?.y);
      for (const [widget, key] of [
        [left, "1"],
        [right, "2"],
      ] as const) {
        expect(widget?.properties.metrics?.map(([, name]) => name)).toContain(metric);
        expect(widget?.properties.annotations?.horizontal[0]?.value).toBe(threshold);
        expect(widget?.properties.metrics?.[0]?.map(staging.follow)).toContainEqual(
          expect.stringMatching(new RegExp(`aws_lb_target_group\\.target-group-${key}_.*\\.arn_suffix`)),
        );
      }
    },
  );

  it.each(["Failed requests and their limit", "Answers later than 1.5 s, and their limit"])(
    "shows %s for both target groups side by side",
    (title) => {
      const [left, right, ...others] = graphs(title);
      expect(others).toEqual([]);
      expect([left?.x, right?.x]).toEqual([0, 12]);
      expect(left?.y).toBe(right?.y);
      for (const [widget, key] of [
        [left, "1"],
        [right, "2"],
      ] as const) {
        const lines = widget?.properties.metrics ?? [];
        const options = lines.map((line) => line.at(-1) as Block);
        expect(options.filter(({ visible }) => visible === true).map(({ label }) => label)).toEqual([
          "bad requests",
          "limit",
        ]);
        const expressions = linesOf(staging, alarm("failedRequests", key)).map(({ id, expression }) => [
          id,
          expression,
        ]);
        for (const id of ["share", "limit"]) {
          const drawn = options.find((option) => option["id"] === id)?.["expression"];
          expect(expressions).toContainEqual([id, drawn]);
          expect(drawn).toContain("9 * FILL(requests, 0)");
        }
        const requests = lines.find((line) => (line.at(-1) as Block)["id"] === "requests");
        expect(requests?.map(staging.follow)).toContainEqual(
          expect.stringMatching(new RegExp(`aws_lb_target_group\\.target-group-${key}_.*\\.arn_suffix`)),
        );
        expect(widget?.properties.period).toBe(300);
        const ids = options.flatMap(({ id }) => (typeof id === "string" ? [id] : []));
        expect(new Set(ids).size).toBe(lines.length);
      }
    },
  );

  it("shows the response times of both target groups, and their tasks", () => {
    expect(graphs("Response time")).toHaveLength(2);
    expect(graphs("Tasks")).toHaveLength(2);
    expect(graphs("5xx")).toEqual([]);
  });

  it("shows every alarm's state, and the service's CPU and memory", () => {
    expect(widgets.find(({ type }) => type === "alarm")?.properties.alarms).toHaveLength(everyAlarm.length);
    expect(graphs("CPU")).toHaveLength(1);
    expect(graphs("Memory")).toHaveLength(1);
  });

  it("never lays one widget over another", () => {
    for (const each of [widgets, widgetsOf(article.stacks.delivery)]) {
      const places = each.map(({ x, y }) => `${x} ${y}`);
      expect(new Set(places).size).toBe(places.length);
    }
  });

  it("is left out by one key", () => {
    expect(synthesize({ dashboard: { enabled: false } }).stacks.delivery.all("aws_cloudwatch_dashboard")).toEqual([]);
  });
});
