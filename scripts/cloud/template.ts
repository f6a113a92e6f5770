/**
 * What the local cloud needs of the synthesized stacks, with every expression resolved. loader/load.ts produces it; no
 * other part of the local cloud reads Terraform. Times are in seconds unless a name or comment says otherwise.
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
  /** Custom deployment configs, without the predefined ones. */
  readonly deploymentConfigs: readonly DeploymentConfigTemplate[];
  readonly repository: { readonly name: string; readonly arn: string; readonly url: string };
  readonly tables: readonly TableTemplate[];
  /** Lambda functions; the deployment hooks are among them. */
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
  /** The load balancer closes a connection that is idle for this time. Absent: the stacks don't set it. */
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

/**
 * One target group of a forward action. Its share of the requests is its weight (0 to 999) in the sum of all weights.
 */
export interface WeightedTargetGroup {
  readonly targetGroupArn: string;
  readonly weight: number;
}

/** A listener of the load balancer. */
export interface ListenerTemplate {
  readonly arn: string;
  readonly port: number;
  readonly protocol: string;
  /**
   * The default action: the target groups that it forwards to. Empty for another default action, which the local cloud
   * plays as a fixed response with status 404.
   */
  readonly forward: readonly WeightedTargetGroup[];
  /** The other rules, in any order; absent for none. */
  readonly rules?: readonly ListenerRuleTemplate[];
}

/** A rule of a listener: the requests that fit its conditions go to its target groups. */
export interface ListenerRuleTemplate {
  readonly arn: string;
  /** 1 to 50000. Among the rules that a request fits, the one with the lowest priority applies. */
  readonly priority: number;
  readonly conditions: RuleConditions;
  readonly forward: readonly WeightedTargetGroup[];
}

/**
 * The conditions of a rule. A request fits when each condition that is present has a value that fits; without any, every
 * request fits. Values may have the wildcards `*` (any number of characters) and `?` (exactly one).
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export interface RuleConditions {
  /** Host names, which are not case-sensitive, e.g. `orders.example.com` or `*.example.com`. */
  readonly hosts?: readonly string[];
  /** Paths without the query, which are case-sensitive, e.g. `/orders/*`. */
  readonly paths?: readonly string[];
}

/**
 * One alarm, in the terms of PutMetricAlarm
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
 * Exactly one of `metric` and `metrics` is set.
 */
export interface AlarmTemplate {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  /** ARNs of the actions by new state. The local cloud runs no action. */
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

/** The range of data that an alarm evaluates: one that moves with each evaluation, or whole periods of the clock. */
export type EvaluationWindow =
  | { readonly type: "sliding" }
  | {
      readonly type: "wallClock";
      /** Name or offset of a time zone, as PutMetricAlarm takes it; absent: UTC. */
      readonly timeZone?: string;
    };

/** A statistic of one metric. */
export interface MetricQuery {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly period: number;
  /** Average, Sum, Minimum, Maximum, SampleCount, a percentile such as p99, or a range's PR, TC or TM, e.g. PR(1.5:). */
  readonly statistic: string;
}

/** One metric or expression of metric math. */
export interface MetricDataQuery {
  readonly id: string;
  readonly expression?: string;
  readonly metric?: MetricQuery;
  readonly label?: string;
  readonly returnData: boolean;
}

/**
 * A task definition, with the keys of RegisterTaskDefinition
 * (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html).
 */
export interface TaskDefinitionTemplate {
  readonly family: string;
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly [key: string]: unknown;
}

/** A container definition. The local cloud uses the named keys and stores the others unchanged. */
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
  /** Where tasks get their tags from; ECS's default: NONE. */
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

/** The deployment group: the service and target groups of a release, its alarms and its waits. */
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
  /** Notifications of deployment events. The local cloud sends none. */
  readonly triggers: readonly {
    readonly name: string;
    readonly targetArn: string;
    readonly events: readonly string[];
  }[];
  readonly terminationWaitMinutes: number;
  /** How long a deployment waits for ContinueDeployment before it shifts traffic; absent: it does not wait. */
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

/** How traffic shifts to the new version. Percentages are of all traffic. */
export type TrafficRouting =
  | { readonly type: "AllAtOnce" }
  | { readonly type: "TimeBasedCanary"; readonly percentage: number; readonly intervalMinutes: number }
  | { readonly type: "TimeBasedLinear"; readonly percentage: number; readonly intervalMinutes: number };

/** A Lambda function of a Node.js runtime. */
export interface FunctionTemplate {
  readonly name: string;
  readonly arn: string;
  /** Path of its deployment package, a zip archive. */
  readonly packageFile: string;
  /** `<file>.<export>` */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A DynamoDB table. */
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
