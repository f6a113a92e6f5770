import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { DeploymentGroupInfo, DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";
import { loadConfig } from "../../stacks/config";
import { limitExpressions, type GateLimit, type Judged } from "../../stacks/gate/limit";
import { namesOf } from "../../stacks/names";
import type { AwsPort, RawRegistration, RawTaskDefinition } from "../../scripts/release/aws-port";
import { LINEAGE_TAG } from "../../scripts/release/lineage";
import type { Clock } from "../../scripts/release/clock";
import type { Palette } from "../../scripts/release/render/line";
import type { Snapshot } from "../../scripts/release/snapshot";
import { SOURCE } from "../fixtures/configuration";

export const config = loadConfig({
  environment: "staging",
  context: {
    defaults: { project: "carts-api" },
    environments: { staging: { service: { source: SOURCE, container: "api" } } },
  },
});
export const names = namesOf(config);

export const ACCOUNT = "123456789012";
export const REPOSITORY_URL = `${ACCOUNT}.dkr.ecr.${config.region}.amazonaws.com/${names.repository}`;
export const digest = (character: string) => `sha256:${character.repeat(64)}`;
export const LIVE_REVISION = `arn:aws:ecs:${config.region}:${ACCOUNT}:task-definition/${names.family}:7`;
export const NEXT_REVISION = `arn:aws:ecs:${config.region}:${ACCOUNT}:task-definition/${names.family}:8`;
export const DEPLOYMENT = "d-RELEASE01";
export const ROLLBACK = "d-ROLLBACK1";
/** Description of the deployment that a run without `--description` creates. */
export const DESCRIPTION = `Release ${names.family}:8`;
export const ALARMS = [names.alarm("target5xx", "1"), names.alarm("target5xx", "2")];
const balancing = `arn:aws:elasticloadbalancing:${config.region}:${ACCOUNT}`;
const LOAD_BALANCER = `${balancing}:loadbalancer/app/${names.loadBalancer}/lb1`;
export const LISTENER = `${balancing}:listener/app/${names.loadBalancer}/lb1/l1`;
/** The first is the live one. */
export const TARGET_GROUPS = ["1", "2"].map((key) => `${balancing}:targetgroup/${names.prefix}-${key}/tg${key}`);
const suffixOf = (arn = "") => arn.slice(arn.lastIndexOf(":") + 1);
/** An alarm on the 5xx of one of the target groups, by its index: 0 is the live one. */
export const alarmOn = (
  AlarmName: string,
  index: number,
  StateValue: "OK" | "ALARM" | "INSUFFICIENT_DATA" = "OK",
): MetricAlarm => ({
  ...{
    AlarmName,
    StateValue,
    Namespace: "AWS/ApplicationELB",
    MetricName: "HTTPCode_Target_5XX_Count",
    Statistic: "Sum",
  },
  ...{ Period: 60, EvaluationPeriods: 1, Threshold: 2, ComparisonOperator: "GreaterThanThreshold" },
  Dimensions: [
    { Name: "TargetGroup", Value: suffixOf(TARGET_GROUPS[index]) },
    { Name: "LoadBalancer", Value: `app/${names.loadBalancer}/lb1` },
  ],
});
/** An alarm with a limit, as the stacks make it, that judges one of the target groups, by its index. */
export const limitAlarm = (
  AlarmName: string,
  index: number,
  limit: GateLimit,
  bad: Judged["bad"] = { kind: "failedRequests" },
): MetricAlarm => ({
  ...{ AlarmName, StateValue: "OK", EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: "GreaterThanThreshold" },
  Metrics: limitExpressions(limit, {
    bad,
    targetGroup: suffixOf(TARGET_GROUPS[index]),
    otherTargetGroup: suffixOf(TARGET_GROUPS[1 - index]),
    loadBalancer: `app/${names.loadBalancer}/lb1`,
  }).map(({ id, expression, metric, label, returnData }) => ({
    ...{ Id: id, Expression: expression, Label: label, ReturnData: returnData },
    MetricStat: metric && {
      Metric: {
        ...{ Namespace: metric.namespace, MetricName: metric.metricName },
        Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      ...{ Period: metric.period, Stat: metric.statistic },
    },
  })),
});
/** The listener's rule with these weights on the two target groups. */
export const forwardRule = (first: number, second: number) => ({
  Actions: [
    {
      Type: "forward" as const,
      ForwardConfig: {
        TargetGroups: TARGET_GROUPS.map((TargetGroupArn, index) => ({
          TargetGroupArn,
          Weight: index === 0 ? first : second,
        })),
      },
    },
  ],
});
export const LOAD_BALANCER_INFO: NonNullable<DeploymentGroupInfo["loadBalancerInfo"]> = {
  targetGroupPairInfoList: [
    {
      targetGroups: ["1", "2"].map((key) => ({ name: `${names.prefix}-${key}` })),
      prodTrafficRoute: { listenerArns: [LISTENER] },
    },
  ],
};
export const AUTO_ROLLBACK: NonNullable<DeploymentGroupInfo["autoRollbackConfiguration"]> = {
  enabled: true,
  events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
};
/** An index of images for several platforms, attestations among them. */
export const indexOf = (...architectures: readonly string[]) =>
  JSON.stringify({
    manifests: [
      ...architectures.map((architecture) => ({ platform: { os: "linux", architecture } })),
      { platform: { os: "unknown", architecture: "unknown" } },
    ],
  });
export const TEMPLATE = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "<TASK_DEFINITION>"
        LoadBalancerInfo:
          ContainerName: "<CONTAINER_NAME>"
          ContainerPort: "<CONTAINER_PORT>"
        PlatformVersion: "<PLATFORM_VERSION>"
        NetworkConfiguration:
          AwsvpcConfiguration:
            Subnets: "<SUBNETS>"
            SecurityGroups: "<SECURITY_GROUPS>"
            AssignPublicIp: "<ASSIGN_PUBLIC_IP>"
        CapacityProviderStrategy: "<CAPACITY_PROVIDER_STRATEGY>"
Hooks:
  - AfterAllowTestTraffic: "<AFTER_ALLOW_TEST_TRAFFIC_HOOK>"
`;

/** An error as the SDK throws it. */
export function awsError(name: string, message = "", extra: object = {}): Error {
  return Object.assign(new Error(message), { name }, extra);
}

/** A refusal of AWS to the one request that was sent. */
export function awsRefusal(name: string, message = ""): Error {
  return awsError(name, message, { $metadata: { httpStatusCode: 400, attempts: 1 } });
}

/** Returns one answer per call; the last one is repeated. Errors are thrown, functions are called. */
export function inTurn<T>(...answers: readonly (T | Error | (() => T))[]): () => Promise<T> {
  let next = 0;
  return () => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(typeof answer === "function" ? (answer as () => T)() : (answer as T));
  };
}

export const always = <T>(answer: T | Error) => inTurn<T>(answer);

export function liveTaskDefinition(overrides: Partial<RawTaskDefinition> = {}): RawTaskDefinition {
  return {
    taskDefinitionArn: LIVE_REVISION,
    family: names.family,
    revision: 7,
    status: "ACTIVE",
    registeredAt: 1_700_000_000,
    registeredBy: "someone",
    requiresAttributes: [{ name: "com.amazonaws.ecs.capability.ecr-auth" }],
    compatibilities: ["FARGATE"],
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "256",
    memory: "512",
    executionRoleArn: "arn:aws:iam::123456789012:role/execution",
    runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
    containerDefinitions: [
      {
        name: names.container,
        image: `${REPOSITORY_URL}@${digest("1")}`,
        environment: [{ name: "TABLE", value: "tasks" }],
        secrets: [{ name: "TOKEN", valueFrom: "arn:aws:ssm:::parameter/token" }],
      },
      { name: "sidecar", image: "public.ecr.aws/sidecar:1" },
    ],
    ...overrides,
  };
}

export function liveEcsService(overrides: Partial<Service> = {}): Service {
  return {
    serviceArn: `arn:aws:ecs:${config.region}:${ACCOUNT}:service/${names.cluster}/${names.service}`,
    serviceName: names.service,
    status: "ACTIVE",
    deploymentController: { type: "CODE_DEPLOY" },
    desiredCount: 2,
    runningCount: 2,
    taskSets: [
      {
        id: "ecs-svc/1",
        status: "PRIMARY",
        taskDefinition: LIVE_REVISION,
        runningCount: 2,
        loadBalancers: [{ containerName: names.container, containerPort: 8080, targetGroupArn: TARGET_GROUPS[0] }],
        platformVersion: "1.4.0",
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: ["subnet-a", "subnet-b"],
            securityGroups: ["sg-1"],
            assignPublicIp: "DISABLED",
          },
        },
      },
    ],
    ...overrides,
  };
}

/** GetDeployment's answer. */
export function deployment(status: DeploymentInfo["status"], overrides: Partial<DeploymentInfo> = {}) {
  return {
    deploymentInfo: {
      deploymentId: DEPLOYMENT,
      applicationName: names.application,
      deploymentGroupName: names.deploymentGroup,
      deploymentConfigName: names.deploymentConfig,
      description: DESCRIPTION,
      status,
      ...overrides,
    } satisfies DeploymentInfo,
  };
}

export const rolledBackWith = (rollbackDeploymentId: string) => ({ rollbackInfo: { rollbackDeploymentId } });

/** A release made the live revision from the stacks' third. */
export const LIVE_TAGS = [
  { key: "team", value: "tasks" },
  { key: LINEAGE_TAG, value: "base=3 newest=3 seen=6" },
];

/** ECS registers all fields. */
export const registering = ({ tags = [], ...given }: RawRegistration) =>
  Promise.resolve({ taskDefinition: { ...given, taskDefinitionArn: NEXT_REVISION, revision: 8 }, tags });

/** CloudWatch has these alarms, and returns those that it is asked about. */
export const describing =
  (alarms: readonly (MetricAlarm | CompositeAlarm)[]): AwsPort["describeAlarms"] =>
  ({ AlarmNames = [] }) => {
    const asked = alarms.filter(({ AlarmName = "" }) => AlarmNames.includes(AlarmName));
    return Promise.resolve({
      MetricAlarms: asked.filter((alarm): alarm is MetricAlarm => !("AlarmRule" in alarm)),
      CompositeAlarms: asked.filter((alarm) => "AlarmRule" in alarm),
    });
  };

/** A healthy AWS with one live version; each test changes what it tests. */
export function fakeAws(overrides: Partial<AwsPort> = {}): AwsPort {
  return {
    region: config.region,
    getCallerIdentity: always({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/releaser` }),
    describeServices: always({ services: [liveEcsService()] }),
    describeTaskDefinition: always({ taskDefinition: liveTaskDefinition(), tags: LIVE_TAGS }),
    listTaskDefinitions: always({ taskDefinitionArns: [LIVE_REVISION] }),
    registerTaskDefinition: registering,
    deregisterTaskDefinition: ({ taskDefinition }) =>
      Promise.resolve({ taskDefinition: { taskDefinitionArn: taskDefinition, status: "INACTIVE" } }),
    listTasks: always({ taskArns: [] }),
    describeTasks: always({ tasks: [] }),
    describeRepositories: always({
      repositories: [{ repositoryName: names.repository, repositoryUri: REPOSITORY_URL }],
    }),
    describeImages: always({ imageDetails: [{ imageDigest: digest("2") }] }),
    batchGetImage: always({ images: [{ imageManifest: indexOf("amd64", "arm64") }] }),
    getDownloadUrlForLayer: () => Promise.reject(new Error("an index names its platforms itself")),
    getAuthorizationToken: always({
      authorizationData: [
        { authorizationToken: Buffer.from("AWS:pass:word").toString("base64"), proxyEndpoint: "https://registry" },
      ],
    }),
    describeAlarms: describing(ALARMS.map((name, index) => alarmOn(name, index))),
    getMetricData: always({ MetricDataResults: [] }),
    describeTargetGroups: always({ TargetGroups: TARGET_GROUPS.map((TargetGroupArn) => ({ TargetGroupArn })) }),
    describeTargetHealth: always({ TargetHealthDescriptions: [{ TargetHealth: { State: "healthy" as const } }] }),
    describeRules: always({ Rules: [forwardRule(100, 0)] }),
    describeListeners: ({ ListenerArns = [] }) =>
      Promise.resolve({
        Listeners: ListenerArns.map((ListenerArn) => ({
          ...{ ListenerArn, LoadBalancerArn: LOAD_BALANCER, Protocol: "HTTP" as const },
          Port: ListenerArn === LISTENER ? 80 : 9090,
        })),
      }),
    describeLoadBalancers: always({
      LoadBalancers: [{ LoadBalancerArn: LOAD_BALANCER, DNSName: "lb.elb.example" }],
    }),
    getDeploymentGroup: always({
      deploymentGroupInfo: {
        applicationName: names.application,
        deploymentGroupName: names.deploymentGroup,
        deploymentConfigName: names.deploymentConfig,
        ecsServices: [{ clusterName: names.cluster, serviceName: names.service }],
        alarmConfiguration: { enabled: true, alarms: ALARMS.map((name) => ({ name })) },
        autoRollbackConfiguration: AUTO_ROLLBACK,
        loadBalancerInfo: LOAD_BALANCER_INFO,
      },
    }),
    getDeploymentConfig: always({
      deploymentConfigInfo: {
        deploymentConfigName: names.deploymentConfig,
        trafficRoutingConfig: {
          type: "TimeBasedCanary",
          timeBasedCanary: { canaryPercentage: 10, canaryInterval: 5 },
        },
      },
    }),
    listDeployments: always({ deployments: [] }),
    batchGetDeployments: ({ deploymentIds = [] }) =>
      Promise.resolve({
        deploymentsInfo: deploymentIds.map((deploymentId) => {
          const description = deploymentId === DEPLOYMENT ? DESCRIPTION : "somebody's";
          return deployment("Created", { deploymentId, description }).deploymentInfo;
        }),
      }),
    getDeployment: always(deployment("Succeeded")),
    getDeploymentTarget: always<Awaited<ReturnType<AwsPort["getDeploymentTarget"]>>>(
      awsError("DeploymentNotStartedException"),
    ),
    createDeployment: always({ deploymentId: DEPLOYMENT }),
    continueDeployment: always({}),
    stopDeployment: always({ status: "Pending" as const }),
    ...overrides,
  };
}

/** Records the inputs of all calls. */
export function recorded<Input, Output>(answer: (input: Input) => Promise<Output>) {
  const inputs: Input[] = [];
  const call = (input: Input) => {
    inputs.push(input);
    return answer(input);
  };
  return { call, inputs };
}

/** A clock that is moved by sleeping on it, so that no test waits. */
export class SleepingClock implements Clock {
  readonly sleeps: number[] = [];
  private time = 1_700_000_000_000;
  private readonly timers = new Set<{ readonly due: number; readonly action: () => void }>();
  /** Called at the start of each sleep. */
  onSleep: (count: number) => void = () => undefined;

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number, wake?: AbortSignal): Promise<void> {
    this.sleeps.push(milliseconds);
    this.onSleep(this.sleeps.length);
    if (wake?.aborted !== true) this.advance(milliseconds);
    await new Promise((resolve) => setImmediate(resolve));
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { due: this.time + milliseconds, action };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of [...this.timers]) {
      if (timer.due > this.time) continue;
      this.timers.delete(timer);
      timer.action();
    }
  }
}

const colourless = (text: string) => text;
/** A palette without colours. */
export const PALETTE: Palette = {
  bold: colourless,
  dim: colourless,
  red: colourless,
  green: colourless,
  yellow: colourless,
  blue: colourless,
  cyan: colourless,
};

/** A snapshot of a running deployment that has not started yet. */
export function snapshot(overrides: Partial<Snapshot> = {}): Snapshot {
  return {
    at: 0,
    awsTime: 0,
    deployment: { id: DEPLOYMENT, status: "InProgress" },
    alarms: [],
    activatedAlarms: [],
    stoppedTasks: [],
    serviceMessages: [],
    sinceEnded: { polls: 0, ms: 0 },
    unread: [],
    ...overrides,
  };
}

/** A target during the canary, with the given changes. */
export function target(events: Readonly<Record<string, string>>, newWeight = 0): NonNullable<Snapshot["target"]> {
  const taskSet = { desired: 2, running: 2, pending: 0 };
  return {
    events: Object.entries(events).map(([name, status]) => ({ name, status })),
    taskSets: [
      { ...taskSet, id: "ecs-svc/1", label: "Blue", weight: 100 - newWeight },
      { ...taskSet, id: "ecs-svc/2", label: "Green", weight: newWeight },
    ],
  };
}
