import type { AlarmState, AlarmTransition } from "../../../scripts/cloud/alarms/part";
import type { AwsError } from "../../../scripts/cloud/aws-error";
import type { CloudParts } from "../../../scripts/cloud/aws/operation";
import type { CreateDeploymentInput, Deployment } from "../../../scripts/cloud/codedeploy/part";
import { defaultRuleArn } from "../../../scripts/cloud/derived-ids";
import type { ServiceEvent, Task, TaskDefinitionRecord, TaskSet } from "../../../scripts/cloud/ecs/part";
import type { ListenerRule, TargetHealth } from "../../../scripts/cloud/load-balancer/part";
import type { Datapoint } from "../../../scripts/cloud/metrics/part";
import type { Image } from "../../../scripts/cloud/tasks/part";
import type {
  AlarmTemplate,
  MetricQuery,
  TaskDefinitionTemplate,
  Template,
  WeightedTargetGroup,
} from "../../../scripts/cloud/template";

const ACCOUNT = "123456789012";
const REGION = "eu-central-1";
const ELB = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}`;
const ECS = `arn:aws:ecs:${REGION}:${ACCOUNT}`;

/** The start of a minute: the moment the fake cloud began. */
export const START = 1_700_000_040_000;

export const LISTENER = `${ELB}:listener/app/shop/1111111111111111/2222222222222222`;
export const TEST_LISTENER = `${ELB}:listener/app/shop/1111111111111111/3333333333333333`;
export const GROUP_1 = `${ELB}:targetgroup/shop-1/aaaaaaaaaaaaaaaa`;
export const GROUP_2 = `${ELB}:targetgroup/shop-2/bbbbbbbbbbbbbbbb`;
export const REPOSITORY_URL = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/carts-api`;

export const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:shop`;

const alarm = (name: string, more: Partial<AlarmTemplate> = {}): AlarmTemplate => ({
  name,
  arn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`,
  comparisonOperator: "GreaterThanThreshold",
  threshold: 2,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: "notBreaching",
  metric: {
    namespace: "AWS/ApplicationELB",
    metricName: "HTTPCode_Target_5XX_Count",
    dimensions: {
      TargetGroup: "targetgroup/shop-1/aaaaaaaaaaaaaaaa",
      LoadBalancer: "app/shop/1111111111111111",
    },
    period: 60,
    statistic: "Sum",
  },
  ...more,
});

const targetGroup = (name: string, arn: string) => ({
  name,
  arn,
  arnSuffix: arn.slice(arn.indexOf("targetgroup/")),
  port: 8080,
  vpcId: "vpc-1",
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

/** A small service, "shop", with everything a release needs. */
export const TEMPLATE: Template = {
  region: REGION,
  accountId: ACCOUNT,
  loadBalancer: {
    name: "shop",
    arn: `${ELB}:loadbalancer/app/shop/1111111111111111`,
    arnSuffix: "app/shop/1111111111111111",
    dnsName: "shop-1.elb.example",
    scheme: "internet-facing",
    subnets: ["subnet-1", "subnet-2"],
    securityGroups: ["sg-2"],
  },
  targetGroups: [targetGroup("shop-1", GROUP_1), targetGroup("shop-2", GROUP_2)],
  listeners: [
    { arn: LISTENER, port: 80, protocol: "HTTP", forward: [{ targetGroupArn: GROUP_1, weight: 100 }] },
    { arn: TEST_LISTENER, port: 9090, protocol: "HTTP", forward: [{ targetGroupArn: GROUP_1, weight: 100 }] },
  ],
  alarms: [
    alarm("shop-target-5xx-1", { actions: { enabled: false, alarm: [TOPIC], ok: [TOPIC], insufficientData: [] } }),
    alarm("shop-latency-1", {
      threshold: 1.5,
      metric: {
        namespace: "AWS/ApplicationELB",
        metricName: "TargetResponseTime",
        dimensions: { LoadBalancer: "app/shop/1111111111111111" },
        period: 60,
        statistic: "p99",
      },
    }),
  ],
  cluster: { name: "shop", arn: `${ECS}:cluster/shop`, capacityProviders: ["FARGATE", "FARGATE_SPOT"] },
  taskDefinition: {
    family: "shop",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "256",
    memory: "512",
    executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/shop-execution`,
    runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
    tags: [{ key: "team", value: "shop" }],
    containerDefinitions: [
      {
        name: "api",
        image: `${REPOSITORY_URL}:v1`,
        portMappings: [{ containerPort: 8080 }],
        logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/ecs/shop" } },
      },
    ],
  },
  service: {
    name: "shop",
    arn: `${ECS}:service/shop/shop`,
    desiredCount: 2,
    deploymentController: "CODE_DEPLOY",
    launchType: "FARGATE",
    platformVersion: "1.4.0",
    healthCheckGracePeriodSeconds: 60,
    loadBalancers: [{ targetGroupArn: GROUP_1, containerName: "api", containerPort: 8080 }],
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" },
    },
  },
  application: { name: "shop", computePlatform: "ECS" },
  deploymentGroup: {
    name: "shop",
    arn: `arn:aws:codedeploy:${REGION}:${ACCOUNT}:deploymentgroup:shop/shop`,
    deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
    serviceRoleArn: `arn:aws:iam::${ACCOUNT}:role/shop-deploy`,
    clusterName: "shop",
    serviceName: "shop",
    alarms: { enabled: true, names: ["shop-target-5xx-1", "shop-latency-1"], ignorePollAlarmFailure: false },
    autoRollback: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
    triggers: [{ name: "shop", targetArn: TOPIC, events: ["DeploymentFailure", "DeploymentRollback"] }],
    terminationWaitMinutes: 5,
    targetGroupNames: ["shop-1", "shop-2"],
    productionListenerArns: [LISTENER],
    testListenerArns: [TEST_LISTENER],
  },
  deploymentConfigs: [
    { name: "shop-canary", routing: { type: "TimeBasedCanary", percentage: 25, intervalMinutes: 3 } },
  ],
  repository: { name: "carts-api", arn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/carts-api`, url: REPOSITORY_URL },
  tables: [],
  functions: [],
};

/** An image of the shop, pushed `minute` minutes after the start. */
export function image(minute: number, tags: readonly string[], more: Partial<Image> = {}): Image {
  return {
    repository: "carts-api",
    digest: `sha256:${String(minute).padStart(64, "0")}`,
    tags,
    pushedAt: START + minute * 60_000,
    sizeBytes: 1_000_000,
    platform: { os: "linux", architecture: "amd64" },
    command: ["node", "server.js"],
    environment: { NODE_ENV: "production" },
    ...more,
  };
}

/** A task set of the shop, by number. */
export function taskSet(number: number, more: Partial<TaskSet> = {}): TaskSet {
  return {
    id: `ecs-svc/${number}`,
    arn: `${ECS}:task-set/shop/shop/ecs-svc/${number}`,
    status: "PRIMARY",
    taskDefinitionArn: `${ECS}:task-definition/shop:${number}`,
    targetGroupArn: number === 1 ? GROUP_1 : GROUP_2,
    containerName: "api",
    containerPort: 8080,
    startedBy: "ECS_DEPLOYMENT",
    scale: 100,
    desiredCount: 2,
    pendingCount: 0,
    runningCount: 2,
    stability: "STEADY_STATE",
    stabilityAt: START + 50_000,
    createdAt: START,
    updatedAt: START,
    settings: {},
    ...more,
  };
}

/** A task of task set 1. */
export function task(id: string, more: Partial<Task> = {}): Task {
  return {
    id,
    arn: `${ECS}:task/shop/${id}`,
    taskSetId: "ecs-svc/1",
    taskDefinitionArn: `${ECS}:task-definition/shop:1`,
    status: "RUNNING",
    createdAt: START,
    startedAt: START + 40_000,
    privateIp: "10.0.0.11",
    lastLogLines: [],
    ...more,
  };
}

/** A deployment, by the last character of its id. */
export function deployment(key: string, more: Partial<Deployment> = {}): Deployment {
  return {
    id: `d-ABCDEFGH${key}`,
    status: "InProgress",
    deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
    routing: { type: "TimeBasedCanary", percentage: 10, intervalMinutes: 5 },
    group: TEMPLATE.deploymentGroup,
    creator: "user",
    appSpec: { content: "version: 0.0", sha256: "f".repeat(64) },
    createdAt: START,
    startedAt: START + 500,
    ...more,
  };
}

/** What the fake parts answer from; tests change it as they like. */
export class FakeState {
  /** The rules beside the default ones, by listener. */
  readonly rules = new Map<string, readonly ListenerRule[]>();
  /** Every change of a rule. */
  readonly changedRules: { readonly ruleArn: string; readonly forward: readonly WeightedTargetGroup[] }[] = [];
  readonly forward = new Map<string, readonly WeightedTargetGroup[]>([
    [
      LISTENER,
      [
        { targetGroupArn: GROUP_1, weight: 90 },
        { targetGroupArn: GROUP_2, weight: 10 },
      ],
    ],
    [TEST_LISTENER, [{ targetGroupArn: GROUP_2, weight: 100 }]],
  ]);
  health: readonly TargetHealth[] = [];
  alarms: AlarmState[] = TEMPLATE.alarms.map((template) => ({
    template,
    configuredAt: START,
    value: "OK",
    reason: "Threshold not crossed",
    updatedAt: START + 60_000,
    transitionedAt: START,
  }));
  history: AlarmTransition[] = [];
  datapoints: Datapoint[] = [];
  readonly reads: { readonly query: MetricQuery; readonly from: number; readonly to: number }[] = [];
  readonly putAlarms: AlarmTemplate[] = [];
  images: Image[] = [image(1, ["v1"]), image(2, ["v2", "latest"])];
  taskDefinitions: TaskDefinitionRecord[] = [record(1, TEMPLATE.taskDefinition)];
  taskSets: TaskSet[] = [taskSet(1)];
  tasks: Task[] = [task("one"), task("two", { privateIp: "10.0.0.12" })];
  events: ServiceEvent[] = [];
  desiredCount = 2;
  deployments: Deployment[] = [];
  group = TEMPLATE.deploymentGroup;
  readonly created: CreateDeploymentInput[] = [];
  readonly stopped: { readonly id: string; readonly autoRollback: boolean | undefined }[] = [];
  readonly continued: unknown[] = [];
  readonly hooks: unknown[] = [];
  /** When set, the next CreateDeployment is refused with it. */
  refusal: AwsError | undefined;
}

function record(revision: number, definition: TaskDefinitionTemplate): TaskDefinitionRecord {
  return {
    arn: `${ECS}:task-definition/${definition.family}:${revision}`,
    family: definition.family,
    revision,
    status: "ACTIVE",
    registeredAt: START + revision * 1000,
    definition,
  };
}

function find(state: FakeState, reference: string): TaskDefinitionRecord | undefined {
  return state.taskDefinitions.findLast(
    ({ arn, family, revision }) => reference === arn || reference === `${family}:${revision}` || reference === family,
  );
}

/** Parts that answer from `state` and do nothing of their own. */
export function fakeParts(state: FakeState): CloudParts {
  return {
    loadBalancer: {
      url: (listenerArn) => `http://127.0.0.1:${listenerArn === LISTENER ? 40080 : 49090}`,
      rules: (listenerArn) => {
        const arn = defaultRuleArn(listenerArn);
        const forward = state.forward.get(listenerArn) ?? [];
        return [...(state.rules.get(listenerArn) ?? []), { arn, priority: "default", conditions: {}, forward }];
      },
      setForward: (ruleArn, forward) => void state.changedRules.push({ ruleArn, forward }),
      register: () => undefined,
      deregister: () => Promise.resolve(),
      health: () => state.health,
    },
    metrics: {
      put: () => undefined,
      read: (query, boundaries) => {
        const [from = 0, to = 0] = [boundaries[0], boundaries.at(-1)];
        state.reads.push({ query, from, to });
        return state.datapoints.filter(({ at }) => at >= from && at < to);
      },
      list: () => TEMPLATE.alarms.flatMap(({ metric }) => metric ?? []),
    },
    alarms: {
      all: () => state.alarms,
      state: (name) => state.alarms.find(({ template }) => template.name === name),
      set: (name, value, reason, reasonData) => {
        const changed = { value, reason, ...(reasonData !== undefined && { reasonData }) };
        state.alarms = state.alarms.map((one) => (one.template.name === name ? { ...one, ...changed } : one));
      },
      put: (template) => {
        state.putAlarms.push(template);
      },
      delete: (name) => {
        state.alarms = state.alarms.filter(({ template }) => template.name !== name);
      },
      history: () => state.history,
    },
    images: {
      all: () => state.images,
      find: (reference) =>
        state.images.find(({ tags, digest }) =>
          [...tags.map((tag) => `${REPOSITORY_URL}:${tag}`), `${REPOSITORY_URL}@${digest}`].includes(reference),
        ),
    },
    ecs: {
      registerTaskDefinition: (definition) => {
        const added = record(state.taskDefinitions.length + 1, definition);
        state.taskDefinitions.push(added);
        return added;
      },
      deregisterTaskDefinition: (arn) => {
        state.taskDefinitions = state.taskDefinitions.map((one) =>
          one.arn === arn ? { ...one, status: "INACTIVE" } : one,
        );
        return find(state, arn);
      },
      taskDefinition: (reference) => find(state, reference),
      taskDefinitions: () => state.taskDefinitions,
      desiredCount: () => state.desiredCount,
      setDesiredCount: (count) => {
        state.desiredCount = count;
      },
      taskSets: () => state.taskSets,
      taskSet: (id) => state.taskSets.find((one) => one.id === id),
      tasks: () => state.tasks,
      events: () => state.events,
      createTaskSet: () => taskSet(2),
      setPrimary: () => undefined,
      deleteTaskSet: () => undefined,
      taskSetGone: () => Promise.resolve(),
    },
    codeDeploy: {
      group: () => state.group,
      updateGroup: (group) => {
        state.group = group;
      },
      create: (input) => {
        if (state.refusal) throw state.refusal;
        state.created.push(input);
        const added = deployment(String(state.created.length), { status: "Created" });
        state.deployments = [added, ...state.deployments];
        return added;
      },
      deployment: (id) => state.deployments.find((one) => one.id === id),
      deployments: () => state.deployments,
      stop: (id, autoRollback) => {
        state.stopped.push({ id, autoRollback });
        return { status: "Pending", message: "Deployment is being stopped" };
      },
      continue: (id, wait) => void state.continued.push({ id, wait }),
      putHookStatus: (input) => void state.hooks.push(input),
    },
  };
}
