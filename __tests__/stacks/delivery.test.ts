import { ALARM_KINDS, namesOf, TARGET_GROUPS, type AlarmKind, type TargetGroupKey } from "../../stacks/names";
import { synthesize, type Block } from "./synthesize";

const staging = synthesize();
const { delivery } = staging.stacks;
const names = namesOf(staging.config);
const group = (settings: Block = {}) => synthesize(settings).stacks.delivery.only("aws_codedeploy_deployment_group");
const everyAlarm = TARGET_GROUPS.flatMap((key) => ALARM_KINDS.map((kind) => [kind, key] as const));
const alarm = (kind: AlarmKind, key: TargetGroupKey) =>
  delivery.find("aws_cloudwatch_metric_alarm", { alarm_name: names.alarm(kind, key) });

describe("the alarms", () => {
  it.each<[AlarmKind, string, string, number]>([
    ["unhealthyHosts", "UnHealthyHostCount", "Maximum", 0],
    ["target5xx", "HTTPCode_Target_5XX_Count", "Sum", 2],
    ["responseTime", "TargetResponseTime", "Average", 1.5],
    ["connectionErrors", "TargetConnectionErrorCount", "Sum", 0],
  ])("of %s watch %s (%s > %d) on both target groups", (kind, metric, statistic, threshold) => {
    for (const key of TARGET_GROUPS) {
      expect(alarm(kind, key)).toMatchObject({
        namespace: "AWS/ApplicationELB",
        metric_name: metric,
        statistic,
        threshold,
        comparison_operator: "GreaterThanThreshold",
        period: 60,
        evaluation_periods: 1,
        datapoints_to_alarm: 1,
        treat_missing_data: "notBreaching",
      });
    }
  });

  it.each(everyAlarm)("of %s look at target group %s behind the load balancer", (kind, key) => {
    const dimensions = alarm(kind, key)["dimensions"] as Block;
    const targetGroup = staging.stacks.service.find("aws_lb_target_group", { name: names.targetGroups[key] });
    expect(staging.follow(dimensions["TargetGroup"])).toBe(`\${${String(targetGroup["address"])}.arn_suffix}`);
    expect(staging.follow(dimensions["LoadBalancer"])).toMatch(/aws_lb\..*\.arn_suffix/);
  });

  it("outlive the group's reference to them when they are replaced", () => {
    for (const each of delivery.all("aws_cloudwatch_metric_alarm")) {
      expect(each["lifecycle"]).toEqual({ create_before_destroy: true });
    }
  });

  it("follow the configuration", () => {
    const template = synthesize({
      alarms: { periodSeconds: 30, target5xx: { threshold: 5, evaluationPeriods: 3, datapointsToAlarm: 2 } },
    }).stacks.delivery;
    expect(
      template.find("aws_cloudwatch_metric_alarm", { alarm_name: "tasks-api-staging-target-5xx-2" }),
    ).toMatchObject({ period: 30, threshold: 5, evaluation_periods: 3, datapoints_to_alarm: 2 });
  });
});

describe("the deployment group", () => {
  it("is stopped by all eight alarms, and by not being able to read them", () => {
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

  it("moves the service between both target groups on both listeners", () => {
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

  it("lets go of the role's policy last", () => {
    const { address } = delivery.find("aws_iam_role_policy", { name: "tasks-api-staging-codedeploy" });
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
      deployment_config_name: `tasks-api-staging-${type}-20-percent-10-minutes`,
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
  const name = "tasks-api-staging-codedeploy";
  const policy = JSON.parse(String(delivery.find("aws_iam_role_policy", { name })["policy"])) as {
    Statement: { Action: string[]; Resource: string[]; Condition?: unknown }[];
  };

  it("can only read where it isn't bound to this service", () => {
    const open = policy.Statement.filter(({ Resource }) => Resource.includes("*")).flatMap(({ Action }) => Action);
    expect(open.every((action) => action.includes(":Describe"))).toBe(true);
  });

  it("passes on the two roles of the tasks, to tasks alone", () => {
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
