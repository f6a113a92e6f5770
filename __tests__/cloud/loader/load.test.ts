import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { TemplateError } from "../../../scripts/cloud/loader/error";
import { loadTemplate } from "../../../scripts/cloud/loader/load";
import type { RuntimeName } from "../../../scripts/cloud/tasks/part";
import { environment, removeStacks, TOPIC, writeStacks } from "./stacks-fixture";

afterEach(removeStacks);

type Environment = ReturnType<typeof environment>;

/** Loads the fixture after `change`. */
function load(change: (stacks: Environment) => void = () => undefined, runtime: RuntimeName = "process") {
  const stacks = environment();
  change(stacks);
  return loadTemplate(writeStacks(stacks), { runtime });
}

function alarmsOf(stacks: Environment) {
  return stacks["staging-delivery"].resource.aws_cloudwatch_metric_alarm;
}

/** Removes a resource or attribute, which the fixture's type does not allow. */
function remove(object: object, key: string): void {
  Reflect.deleteProperty(object, key);
}

describe("loadTemplate", () => {
  it("takes the region from the provider and the account from the options", () => {
    const out = writeStacks(environment());
    expect(loadTemplate(out)).toMatchObject({ region: "eu-central-1", accountId: "123456789012" });
    const other = loadTemplate(out, { accountId: "210987654321" });
    expect(other.cluster.arn).toBe("arn:aws:ecs:eu-central-1:210987654321:cluster/tasks-staging");
    expect(other.deploymentGroup.serviceRoleArn).toBe("arn:aws:iam::210987654321:role/deploy");
  });

  it("gives the load balancer and target groups ARNs in AWS's formats", () => {
    const { loadBalancer, targetGroups } = load();
    expect(loadBalancer.arnSuffix).toMatch(/^app\/tasks-staging\/[0-9a-f]{16}$/);
    expect(loadBalancer.arn).toBe(
      `arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/${loadBalancer.arnSuffix}`,
    );
    expect(loadBalancer.dnsName).toMatch(/^tasks-staging-\d+\.eu-central-1\.elb\.amazonaws\.com$/);
    expect(targetGroups.map(({ name }) => name)).toEqual(["tasks-1", "tasks-2"]);
    expect(targetGroups[0]?.arnSuffix).toMatch(/^targetgroup\/tasks-1\/[0-9a-f]{16}$/);
    expect(targetGroups[0]?.arnSuffix).not.toBe(targetGroups[1]?.arnSuffix);
  });

  it("reads where the load balancer and the target groups are", () => {
    const { loadBalancer, targetGroups } = load();
    expect(loadBalancer).toMatchObject({
      scheme: "internet-facing",
      subnets: [expect.stringMatching(/^subnet-0[0-9a-f]{16}$/)],
      securityGroups: [expect.stringMatching(/^sg-0[0-9a-f]{16}$/)],
    });
    expect(loadBalancer.idleTimeoutSeconds).toBeUndefined();
    expect(targetGroups[0]?.vpcId).toMatch(/^vpc-0[0-9a-f]{16}$/);
    const other = load((stacks) => {
      Object.assign(stacks["staging-service"].resource.aws_lb.main, { internal: true, idle_timeout: "30" });
    });
    expect(other.loadBalancer).toMatchObject({ scheme: "internal", idleTimeoutSeconds: 30 });
  });

  it("is the same every time", () => {
    expect(load()).toEqual(load());
  });

  it("reads health checks, with numbers that came as strings and the provider's defaults", () => {
    expect(load().targetGroups[0]).toMatchObject({
      port: 8080,
      deregistrationDelay: 30,
      healthCheck: {
        path: "/health",
        interval: 30,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
        matcher: "200",
      },
    });
  });

  it("reads both ways of forwarding", () => {
    const { listeners, targetGroups } = load();
    const [one, two] = targetGroups.map(({ arn }) => arn);
    expect(listeners.map(({ port, forward }) => ({ port, forward }))).toEqual([
      { port: 80, forward: [{ targetGroupArn: one, weight: 1 }] },
      {
        port: 9090,
        forward: [
          { targetGroupArn: one, weight: 100 },
          { targetGroupArn: two, weight: 0 },
        ],
      },
    ]);
  });

  it("follows the dimensions of an alarm into the other stack", () => {
    const { alarms, loadBalancer, targetGroups } = load();
    expect(alarms[0]).toEqual({
      name: "tasks-target-5xx-1",
      arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:tasks-target-5xx-1",
      actions: { enabled: true, alarm: [TOPIC], ok: [TOPIC], insufficientData: [] },
      comparisonOperator: "GreaterThanThreshold",
      threshold: 2,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: "notBreaching",
      metric: {
        namespace: "AWS/ApplicationELB",
        metricName: "HTTPCode_Target_5XX_Count",
        dimensions: { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: targetGroups[0]?.arnSuffix },
        period: 60,
        statistic: "Sum",
      },
    });
  });

  it.each<[object, object]>([
    [[{ sliding_window: [{}] }], { type: "sliding" }],
    [{ wall_clock_window: {} }, { type: "wallClock" }],
    [[{ wall_clock_window: [{ timezone: "+05:30" }] }], { type: "wallClock", timeZone: "+05:30" }],
  ])("reads the evaluation window %j", (window, evaluationWindow) => {
    const [alarm] = load((stacks) => {
      Object.assign(alarmsOf(stacks).errors, { evaluation_window: window });
    }).alarms;
    expect(alarm).toMatchObject({ evaluationWindow });
  });

  it.each([{}, { sliding_window: {}, wall_clock_window: {} }])("refuses the evaluation window %j", (window) => {
    const both = () => load((stacks) => Object.assign(alarmsOf(stacks).errors, { evaluation_window: window }));
    expect(both).toThrow("evaluation_window: needs either sliding_window or wall_clock_window");
  });

  it("reads metric math", () => {
    expect(load().alarms[1]).toMatchObject({
      threshold: 0.5,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "missing",
      metrics: [
        { id: "share", expression: "errors * 100", returnData: true },
        { id: "errors", returnData: false, metric: { metricName: "m", statistic: "p99" } },
      ],
    });
  });

  it("gives the task definition as RegisterTaskDefinition takes it", () => {
    expect(load().taskDefinition).toEqual({
      family: "tasks",
      cpu: "256",
      memory: "512",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      executionRoleArn: "arn:aws:iam::123456789012:role/execution",
      taskRoleArn: "arn:aws:iam::123456789012:role/task",
      runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
      containerDefinitions: [
        {
          name: "api",
          image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/carts-api:abc",
          essential: true,
          portMappings: [{ containerPort: 8080, protocol: "tcp" }],
          environment: [{ name: "TABLE", value: "tasks-staging" }],
          stopTimeout: 45,
        },
      ],
    });
  });

  it("reads a text in lower case", () => {
    const { listeners } = load((stacks) => {
      stacks["staging-service"].resource.aws_lb_listener.production.protocol = '${lower("HTTP")}-${lower("A")}';
    });
    expect(listeners[0]?.protocol).toBe("http-a");
  });

  it("reads container definitions written with jsonencode", () => {
    const { taskDefinition } = load((stacks) => {
      stacks["staging-service"].resource.aws_ecs_task_definition.main.container_definitions =
        '${jsonencode([{"name" = "api", "image" = "x:${aws_lb.main.name}", "essential" = true}])}';
    });
    expect(taskDefinition.containerDefinitions).toEqual([{ name: "api", image: "x:tasks-staging", essential: true }]);
  });

  it("reads the service", () => {
    expect(load().service).toEqual({
      name: "tasks",
      arn: "arn:aws:ecs:eu-central-1:123456789012:service/tasks-staging/tasks",
      desiredCount: 2,
      deploymentController: "CODE_DEPLOY",
      launchType: "FARGATE",
      platformVersion: "1.4.0",
      healthCheckGracePeriodSeconds: 60,
      loadBalancers: [{ targetGroupArn: load().targetGroups[0]?.arn, containerName: "api", containerPort: 8080 }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [expect.stringMatching(/^subnet-0[0-9a-f]{16}$/)],
          securityGroups: [expect.stringMatching(/^sg-0[0-9a-f]{16}$/)],
          assignPublicIp: "DISABLED",
        },
      },
    });
  });

  it("reads what the service says of tags and of commands in its tasks", () => {
    const { service } = load((stacks) => {
      Object.assign(stacks["staging-service"].resource.aws_ecs_service.main, {
        propagate_tags: "SERVICE",
        enable_ecs_managed_tags: true,
        enable_execute_command: "false",
      });
    });
    expect(service).toMatchObject({
      propagateTags: "SERVICE",
      enableEcsManagedTags: true,
      enableExecuteCommand: false,
    });
  });

  it("reads the deployment group and the custom deployment config", () => {
    const template = load();
    expect(template.application).toEqual({ name: "tasks", computePlatform: "ECS" });
    expect(template.deploymentGroup).toEqual({
      name: "tasks",
      arn: "arn:aws:codedeploy:eu-central-1:123456789012:deploymentgroup:tasks/tasks",
      deploymentConfigName: "tasks-canary",
      serviceRoleArn: "arn:aws:iam::123456789012:role/deploy",
      clusterName: "tasks-staging",
      serviceName: "tasks",
      alarms: { enabled: true, names: ["tasks-target-5xx-1", "tasks-share"], ignorePollAlarmFailure: false },
      autoRollback: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
      triggers: [{ name: "releases", targetArn: TOPIC, events: ["DeploymentFailure"] }],
      terminationWaitMinutes: 5,
      targetGroupNames: ["tasks-1", "tasks-2"],
      productionListenerArns: [template.listeners[0]?.arn],
      testListenerArns: [template.listeners[1]?.arn],
    });
    expect(template.deploymentConfigs).toEqual([
      { name: "tasks-canary", routing: { type: "TimeBasedCanary", percentage: 20, intervalMinutes: 7 } },
    ]);
  });

  it("reads how long a deployment waits for a word to reroute", () => {
    const waiting = (option: object) =>
      load(({ "staging-delivery": { resource } }) => {
        const { blue_green_deployment_config: blueGreen } = resource.aws_codedeploy_deployment_group.main;
        Object.assign(blueGreen, { deployment_ready_option: option });
      }).deploymentGroup;
    expect(waiting({ action_on_timeout: "STOP_DEPLOYMENT", wait_time_in_minutes: 30 }).readyWaitMinutes).toBe(30);
    expect(waiting({ action_on_timeout: "STOP_DEPLOYMENT" }).readyWaitMinutes).toBe(0);
    expect(waiting({ action_on_timeout: "CONTINUE_DEPLOYMENT" })).not.toHaveProperty("readyWaitMinutes");
  });

  it("reads the tables with their keys and indexes", () => {
    expect(load().tables).toEqual([
      {
        name: "tasks-staging",
        hashKey: "pk",
        rangeKey: "sk",
        attributes: [
          { name: "pk", type: "S" },
          { name: "sk", type: "S" },
        ],
        globalSecondaryIndexes: [{ name: "by-sk", hashKey: "sk" }],
      },
    ]);
  });

  it("ignores an unsupported expression in an attribute that it does not read", () => {
    expect(() =>
      load((stacks) => {
        Object.assign(stacks["staging-service"].resource.aws_iam_role.task, { policy: "${upper(var.x)}" });
      }),
    ).not.toThrow();
  });
});

describe("a setting that the local cloud does not support", () => {
  type Change = (stacks: Environment) => object;
  const loadBalancer: Change = (stacks) => stacks["staging-service"].resource.aws_lb.main;
  const targetGroup: Change = (stacks) => stacks["staging-service"].resource.aws_lb_target_group.two;
  const healthCheck: Change = (stacks) => stacks["staging-service"].resource.aws_lb_target_group.two.health_check;
  const forward: Change = (stacks) =>
    stacks["staging-service"].resource.aws_lb_listener.test.default_action[0]?.forward ?? {};
  const alarm: Change = (stacks) => stacks["staging-delivery"].resource.aws_cloudwatch_metric_alarm.errors;
  const blueGreen: Change = (stacks) =>
    stacks["staging-delivery"].resource.aws_codedeploy_deployment_group.main.blue_green_deployment_config;
  const termination: Change = (stacks) =>
    stacks["staging-delivery"].resource.aws_codedeploy_deployment_group.main.blue_green_deployment_config
      .terminate_blue_instances_on_deployment_success;

  it.each<[string, Change, object, string]>([
    [
      "a network load balancer",
      loadBalancer,
      { load_balancer_type: "network" },
      "load_balancer_type: must be application",
    ],
    ["a target group of HTTPS", targetGroup, { protocol: "HTTPS" }, "protocol: must be HTTP"],
    ["a target group of gRPC", targetGroup, { protocol_version: "GRPC" }, "protocol_version: must be HTTP1"],
    [
      "anomaly mitigation",
      targetGroup,
      { load_balancing_anomaly_mitigation: "on" },
      "load_balancing_anomaly_mitigation: must be off",
    ],
    [
      "another rule of failing open",
      targetGroup,
      { target_group_health: { unhealthy_state_routing: { minimum_healthy_targets_count: 2 } } },
      "target_group_health: the local load balancer fails open when no target is healthy",
    ],
    ["a slow start", targetGroup, { slow_start: 30 }, "slow_start: must be 0"],
    ["sticky targets", targetGroup, { stickiness: [{ type: "lb_cookie" }] }, "stickiness.enabled: must be false"],
    [
      "another way to choose targets",
      targetGroup,
      { load_balancing_algorithm_type: "least_outstanding_requests" },
      "load_balancing_algorithm_type: must be round_robin",
    ],
    ["a health check that is off", healthCheck, { enabled: false }, "health_check.enabled: must be true"],
    ["a health check on another port", healthCheck, { port: "9000" }, "health_check.port: must be traffic-port"],
    ["a health check over HTTPS", healthCheck, { protocol: "HTTPS" }, "health_check.protocol: must be HTTP"],
    [
      "sticky target groups",
      forward,
      { stickiness: { enabled: true, duration: 60 } },
      "stickiness.enabled: must be false",
    ],
    ["an alarm of one unit", alarm, { unit: "Seconds" }, "unit: is not supported"],
    ["anomaly detection", alarm, { threshold_metric_id: "band" }, "threshold_metric_id: is not supported"],
    ["a replaced task set that stays", termination, { action: "KEEP_ALIVE" }, "action: must be TERMINATE"],
    [
      "a wait for a word to reroute that nothing comes of",
      blueGreen,
      { deployment_ready_option: { action_on_timeout: "CONTINUE_DEPLOYMENT", wait_time_in_minutes: 5 } },
      "AWS takes wait_time_in_minutes with STOP_DEPLOYMENT only",
    ],
  ])("is refused by name: %s", (_, where, change, problem) => {
    const refused = () => load((stacks) => void Object.assign(where(stacks), change));
    expect(refused).toThrow(TemplateError);
    expect(refused).toThrow(problem);
    expect(refused).toThrow(/^staging-(service|delivery): aws_\w+\.(main|two|test|errors): /);
  });

  it("is accepted with the supported value in another form", () => {
    expect(() =>
      load((stacks) => {
        Object.assign(targetGroup(stacks), { slow_start: "0", stickiness: { enabled: "false", type: "lb_cookie" } });
        Object.assign(forward(stacks), { stickiness: { duration: 60 } });
        Object.assign(healthCheck(stacks), { enabled: "true" });
      }),
    ).not.toThrow();
  });
});

describe("loadTemplate refuses", () => {
  const production = (stacks: Environment) => stacks["staging-service"].resource.aws_lb_listener.production;
  const group = (stacks: Environment) => stacks["staging-delivery"].resource.aws_codedeploy_deployment_group.main;

  it.each<[string, (stacks: Environment) => void, string]>([
    [
      "a function it does not know",
      (stacks) => (production(stacks).protocol = '${upper("http")}'),
      'staging-service: aws_lb_listener.production: protocol: cannot resolve ${upper("http")}: the function upper is not supported (only jsonencode and lower are)',
    ],
    [
      "lower of something else than a string",
      (stacks) => (production(stacks).protocol = "${lower(80)}"),
      "staging-service: aws_lb_listener.production: protocol: cannot resolve ${lower(80)}: the argument of lower is not a string",
    ],
    [
      "a function with too many arguments",
      (stacks) => (production(stacks).protocol = '${lower("HTTP", "x")}'),
      "the function lower is not supported (only jsonencode and lower are)",
    ],
    [
      "an attribute it does not know",
      (stacks) => (production(stacks).protocol = "${aws_lb.main.zone_id}"),
      "staging-service: aws_lb_listener.production: protocol: cannot resolve ${aws_lb.main.zone_id}: aws_lb.main does not set zone_id",
    ],
    [
      "a resource that is not there",
      (stacks) => (production(stacks).protocol = "${aws_lb.other.name}"),
      "the stack has no aws_lb.other",
    ],
    [
      "an expression it does not understand",
      (stacks) => (production(stacks).protocol = "${1 + 1}"),
      "staging-service: aws_lb_listener.production: protocol: cannot resolve ${1 + 1}: expected no operator",
    ],
    [
      "the state of a stack that is not synthesized",
      (stacks) => remove(stacks, "staging-registry"),
      "staging-service: aws_ecs_task_definition.main: container_definitions: cannot resolve",
    ],
    [
      "an output that is not there",
      (stacks) => remove(stacks["staging-registry"].output, "url"),
      "the stack staging-registry has no output url",
    ],
    [
      "a circle of references",
      (stacks) => (stacks["staging-service"].resource.aws_lb.main.name = "${aws_lb.main.arn_suffix}"),
      "refers to itself",
    ],
    [
      "a missing deployment group",
      (stacks) => remove(stacks["staging-delivery"].resource, "aws_codedeploy_deployment_group"),
      "delivery: no aws_codedeploy_deployment_group found",
    ],
    [
      "a second service",
      (stacks) =>
        Object.assign(stacks["staging-service"].resource.aws_ecs_service, {
          other: stacks["staging-service"].resource.aws_ecs_service.main,
        }),
      "several aws_ecs_service found (staging-service: aws_ecs_service.main, staging-service: aws_ecs_service.other)",
    ],
    [
      "one target group alone",
      (stacks) => remove(stacks["staging-service"].resource.aws_lb_target_group, "two"),
      "only one aws_lb_target_group found",
    ],
    [
      "a number that is none",
      (stacks) => (stacks["staging-service"].resource.aws_lb_target_group.one.deregistration_delay = "soon"),
      "staging-service: aws_lb_target_group.one: deregistration_delay",
    ],
    [
      "an alarm that is named but not there",
      (stacks) => group(stacks).alarm_configuration.alarms.push("ghost"),
      "staging-delivery: aws_codedeploy_deployment_group.main: the alarm ghost is in none of the synthesized stacks",
    ],
    [
      "a target group that is named but not there",
      (stacks) =>
        (group(stacks).load_balancer_info.target_group_pair_info.target_group = [{ name: "a" }, { name: "b" }]),
      "the target group a is in none of the synthesized stacks",
    ],
    [
      "container definitions that are no JSON",
      (stacks) => (stacks["staging-service"].resource.aws_ecs_task_definition.main.container_definitions = "["),
      "staging-service: aws_ecs_task_definition.main: container_definitions is not JSON",
    ],
    [
      "a load balanced container that is not defined",
      (stacks) =>
        stacks["staging-service"].resource.aws_ecs_service.main.load_balancer.forEach((entry) => {
          entry.container_name = "web";
        }),
      "load_balancer.container_name web is no container of the task definition tasks",
    ],
    [
      "two alarms with one name",
      (stacks) =>
        (stacks["staging-delivery"].resource.aws_cloudwatch_metric_alarm.share.alarm_name = "tasks-target-5xx-1"),
      "a second alarm with the name tasks-target-5xx-1",
    ],
  ])("%s", (_what, change, message) => {
    expect(() => load(change)).toThrow(TemplateError);
    expect(() => load(change)).toThrow(message);
  });

  describe("for the docker runtime", () => {
    const containers = (settings: object) => (stacks: Environment) => {
      const served = { name: "api", image: "x", ...settings };
      const beside = { name: "beside", image: "x", privileged: true };
      stacks["staging-service"].resource.aws_ecs_task_definition.main.container_definitions = JSON.stringify([
        served,
        beside,
      ]);
    };

    it("what Docker cannot do of the container that the load balancer reaches", () => {
      const change = containers({ healthCheck: { command: ["CMD", "true"] } });
      expect(() => load(change, "docker")).toThrow(TemplateError);
      expect(() => load(change, "docker")).toThrow(
        "staging-service: aws_ecs_task_definition.main: containerDefinitions.api.healthCheck is not supported by the " +
          "docker runtime; rehearse it with the process runtime",
      );
      expect(() => load(change)).not.toThrow();
    });

    it("nothing of the others, which do not run", () => {
      expect(load(containers({}), "docker").taskDefinition.containerDefinitions).toHaveLength(2);
    });
  });

  it("a folder without a manifest, saying what to run", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "loader-"));
    try {
      expect(() => loadTemplate(folder)).toThrow(/cannot read .*manifest\.json.*npm run synth/);
      writeFileSync(path.join(folder, "manifest.json"), JSON.stringify({ stacks: {} }));
      expect(() => loadTemplate(folder)).toThrow(/names no stack/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
