/**
 * What the local cloud needs of the synthesized stacks, every expression resolved. Produced by loader/load.ts;
 * everything else in the cloud starts from this and knows nothing of Terraform. Times in seconds unless said.
 */
export interface Template {
  readonly region: string;
  readonly accountId: string;
  readonly loadBalancer: LoadBalancerTemplate;
  readonly targetGroups: readonly TargetGroupTemplate[];
  readonly listeners: readonly ListenerTemplate[];
  readonly alarms: readonly AlarmTemplate[];
  readonly cluster: { readonly name: string; readonly arn: string; readonly capacityProviders: readonly string[] };
  readonly taskDefinition: TaskDefinitionTemplate;
  readonly service: ServiceTemplate;
  readonly application: { readonly name: string; readonly computePlatform: string };
  readonly deploymentGroup: DeploymentGroupTemplate;
  /** Custom deployment configs; the predefined ones are known without. */
  readonly deploymentConfigs: readonly DeploymentConfigTemplate[];
  readonly repository: { readonly name: string; readonly arn: string; readonly url: string };
  readonly tables: readonly TableTemplate[];
  /** Lambda functions: a deployment's hooks are among them. */
  readonly functions: readonly FunctionTemplate[];
}

/** The load balancer. */
export interface LoadBalancerTemplate {
  readonly name: string;
  readonly arn: string;
  /** `app/<name>/<id>`: the LoadBalancer dimension of its metrics. */
  readonly arnSuffix: string;
  readonly dnsName: string;
  readonly scheme?: "internet-facing" | "internal";
  readonly subnets?: readonly string[];
  readonly securityGroups?: readonly string[];
  /** Idle time after which it closes a connection, where the stacks set it. */
  readonly idleTimeoutSeconds?: number;
}

/** A target group with its health check. */
export interface TargetGroupTemplate {
  readonly name: string;
  readonly arn: string;
  /** `targetgroup/<name>/<id>`: the TargetGroup dimension of its metrics. */
  readonly arnSuffix: string;
  readonly port: number;
  readonly vpcId?: string;
  readonly deregistrationDelay: number;
  readonly healthCheck: {
    readonly path: string;
    readonly interval: number;
    readonly timeout: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    /** Success codes, e.g. `200` or `200-299`. */
    readonly matcher: string;
  };
}

/** One target group behind a forward action, with its weight (0–999; relative to the sum). */
export interface WeightedTargetGroup {
  readonly targetGroupArn: string;
  readonly weight: number;
}

/** A listener of the load balancer. */
export interface ListenerTemplate {
  readonly arn: string;
  readonly port: number;
  readonly protocol: string;
  /** The default action as synthesized: forward to these. */
  readonly forward: readonly WeightedTargetGroup[];
}

/** One alarm in CloudWatch's own terms. Exactly one of `metric` and `metrics` is set. */
export interface AlarmTemplate {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  /** Whom it would tell, as ARNs. Nobody is told here. */
  readonly actions?: {
    readonly enabled: boolean;
    readonly alarm: readonly string[];
    readonly ok: readonly string[];
    readonly insufficientData: readonly string[];
  };
  readonly comparisonOperator:
    "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold" | "LessThanOrEqualToThreshold";
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: "missing" | "ignore" | "breaching" | "notBreaching";
  /** `evaluate` (default) or `ignore`, for percentiles with few samples. */
  readonly evaluateLowSampleCountPercentile?: "evaluate" | "ignore";
  /** Absent: sliding. */
  readonly evaluationWindow?: EvaluationWindow;
  readonly metric?: MetricQuery;
  readonly metrics?: readonly MetricDataQuery[];
}

/** Which range of data an alarm looks at: one that moves on with each evaluation, or whole periods of the clock. */
export type EvaluationWindow =
  | { readonly type: "sliding" }
  | {
      readonly type: "wallClock";
      /** Name or offset, as CloudWatch takes it; absent: UTC. */
      readonly timeZone?: string;
    };

/** A statistic of one metric. */
export interface MetricQuery {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly period: number;
  /** Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p99. */
  readonly statistic: string;
}

/** One line of metric math. */
export interface MetricDataQuery {
  readonly id: string;
  readonly expression?: string;
  readonly metric?: MetricQuery;
  readonly label?: string;
  readonly returnData: boolean;
}

/** A task definition as RegisterTaskDefinition takes it (camelCase AWS wire names), values resolved. */
export interface TaskDefinitionTemplate {
  readonly family: string;
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly [key: string]: unknown;
}

/** The parts of a container definition that the cloud acts on; the rest is kept as it came. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential?: boolean;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly portMappings?: readonly { readonly containerPort: number; readonly protocol?: string }[];
  /** Seconds between SIGTERM and SIGKILL; ECS's default: 30. */
  readonly stopTimeout?: number;
  readonly [key: string]: unknown;
}

/** The ECS service. */
export interface ServiceTemplate {
  readonly name: string;
  readonly arn: string;
  readonly desiredCount: number;
  readonly deploymentController: string;
  readonly launchType?: string;
  readonly platformVersion?: string;
  readonly healthCheckGracePeriodSeconds?: number;
  /** What tasks get their tags from; ECS's default: NONE. */
  readonly propagateTags?: "NONE" | "SERVICE" | "TASK_DEFINITION";
  readonly enableEcsManagedTags?: boolean;
  readonly enableExecuteCommand?: boolean;
  readonly loadBalancers: readonly {
    readonly targetGroupArn: string;
    readonly containerName: string;
    readonly containerPort: number;
  }[];
  readonly networkConfiguration: {
    readonly awsvpcConfiguration: {
      readonly subnets: readonly string[];
      readonly securityGroups: readonly string[];
      readonly assignPublicIp: "ENABLED" | "DISABLED";
    };
  };
  readonly capacityProviderStrategy?: readonly {
    readonly capacityProvider: string;
    readonly weight?: number;
    readonly base?: number;
  }[];
}

/** The deployment group: what a release moves, and what stops it. */
export interface DeploymentGroupTemplate {
  readonly name: string;
  readonly arn: string;
  readonly deploymentConfigName: string;
  readonly serviceRoleArn: string;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly alarms: {
    readonly enabled: boolean;
    readonly names: readonly string[];
    readonly ignorePollAlarmFailure: boolean;
  };
  readonly autoRollback: { readonly enabled: boolean; readonly events: readonly string[] };
  /** Whom it would tell of what. Nobody is told here. */
  readonly triggers: readonly {
    readonly name: string;
    readonly targetArn: string;
    readonly events: readonly string[];
  }[];
  /** Minutes. */
  readonly terminationWaitMinutes: number;
  /** How long a deployment waits for a person's word to reroute traffic; absent: it goes on by itself. */
  readonly readyWaitMinutes?: number;
  readonly targetGroupNames: readonly [string, string];
  readonly productionListenerArns: readonly string[];
  readonly testListenerArns: readonly string[];
}

/** A custom deployment config. */
export interface DeploymentConfigTemplate {
  readonly name: string;
  readonly routing: TrafficRouting;
}

/** How traffic moves; percentages of the whole, minutes. */
export type TrafficRouting =
  | { readonly type: "AllAtOnce" }
  | { readonly type: "TimeBasedCanary"; readonly percentage: number; readonly intervalMinutes: number }
  | { readonly type: "TimeBasedLinear"; readonly percentage: number; readonly intervalMinutes: number };

/** A Lambda function of a Node runtime. */
export interface FunctionTemplate {
  readonly name: string;
  readonly arn: string;
  /** Its deployment package, a zip archive. */
  readonly packageFile: string;
  /** `<file>.<export>` */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A DynamoDB table, as CreateTable takes it. */
export interface TableTemplate {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly type: "S" | "N" | "B" }[];
  readonly hashKey: string;
  readonly rangeKey?: string;
  readonly globalSecondaryIndexes: readonly {
    readonly name: string;
    readonly hashKey: string;
    readonly rangeKey?: string;
  }[];
}
