import { z } from "zod";
import type { AlarmTemplate, ContainerDefinition, TaskDefinitionTemplate, Template } from "../../cloud/template";

const name = z.string().min(1);
const whole = z.number().int().min(0);
const positive = z.number().int().min(1);
const names = z.array(name);

/** ARNs of another partition can't be played: the local cloud makes its own ones, such as those of tasks, in `aws`. */
const arn = z.string().regex(/^arn:aws:/, "must be an ARN of the partition aws: the local cloud plays no other");

const loadBalancer = z.strictObject({
  name,
  arn,
  arnSuffix: name,
  dnsName: name,
  scheme: z.enum(["internet-facing", "internal"]).exactOptional(),
  subnets: names.exactOptional(),
  securityGroups: names.exactOptional(),
  idleTimeoutSeconds: positive.exactOptional(),
});

const targetGroup = z.strictObject({
  name,
  arn,
  arnSuffix: name,
  port: positive.max(65_535),
  vpcId: name.exactOptional(),
  deregistrationDelay: whole.max(3600),
  healthCheck: z.strictObject({
    path: z.string().startsWith("/"),
    interval: positive,
    timeout: positive,
    healthyThreshold: positive,
    unhealthyThreshold: positive,
    matcher: z.string().regex(/^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/, "must be status codes such as 200 or 200-299,302"),
  }),
});

const forward = z.array(z.strictObject({ targetGroupArn: arn, weight: whole.max(999) }));
const patterns = z.array(name).min(1).exactOptional();

const listener = z.strictObject({
  arn,
  port: positive.max(65_535),
  protocol: z.enum(["HTTP", "HTTPS"]),
  forward,
  rules: z
    .array(
      z.strictObject({
        arn,
        priority: positive.max(50_000),
        conditions: z.strictObject({ hosts: patterns, paths: patterns }),
        forward: forward.min(1),
      }),
    )
    .exactOptional(),
});

const metric = z.strictObject({
  namespace: name,
  metricName: name,
  dimensions: z.record(z.string(), z.string()),
  period: positive,
  statistic: name,
});

const alarm: z.ZodType<AlarmTemplate> = z.strictObject({
  name,
  arn,
  description: z.string().exactOptional(),
  actions: z.strictObject({ enabled: z.boolean(), alarm: names, ok: names, insufficientData: names }).exactOptional(),
  comparisonOperator: z.enum([
    "GreaterThanThreshold",
    "GreaterThanOrEqualToThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ]),
  threshold: z.number(),
  evaluationPeriods: positive,
  datapointsToAlarm: positive,
  treatMissingData: z.enum(["missing", "ignore", "breaching", "notBreaching"]),
  evaluateLowSampleCountPercentile: z.enum(["evaluate", "ignore"]).exactOptional(),
  evaluationWindow: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("sliding") }),
      z.strictObject({ type: z.literal("wallClock"), timeZone: name.exactOptional() }),
    ])
    .exactOptional(),
  metric: metric.exactOptional(),
  metrics: z
    .array(
      z.strictObject({
        id: name,
        expression: name.exactOptional(),
        metric: metric.exactOptional(),
        label: z.string().exactOptional(),
        returnData: z.boolean(),
      }),
    )
    .min(1)
    .exactOptional(),
});

// The local cloud keeps all members of a task definition and uses these.
const container: z.ZodType<ContainerDefinition> = z.looseObject({
  name,
  image: name,
  essential: z.boolean().exactOptional(),
  environment: z.array(z.looseObject({ name, value: z.string() })).exactOptional(),
  secrets: z.array(z.looseObject({ name, valueFrom: name })).exactOptional(),
  portMappings: z
    .array(z.looseObject({ containerPort: positive.max(65_535), protocol: z.string().exactOptional() }))
    .exactOptional(),
  stopTimeout: whole.exactOptional(),
});

const taskDefinition: z.ZodType<TaskDefinitionTemplate> = z.looseObject({
  family: name,
  containerDefinitions: z.array(container).min(1),
});

const service = z.strictObject({
  name,
  arn,
  desiredCount: positive,
  deploymentController: z.literal("CODE_DEPLOY", "must be CODE_DEPLOY: releases are CodeDeploy's"),
  launchType: name.exactOptional(),
  platformVersion: name.exactOptional(),
  healthCheckGracePeriodSeconds: whole.exactOptional(),
  propagateTags: z.enum(["NONE", "SERVICE", "TASK_DEFINITION"]).exactOptional(),
  enableEcsManagedTags: z.boolean().exactOptional(),
  enableExecuteCommand: z.boolean().exactOptional(),
  loadBalancers: z
    .array(z.strictObject({ targetGroupArn: arn, containerName: name, containerPort: positive.max(65_535) }))
    .length(1, "must be one target group: an appspec names one container and port"),
  networkConfiguration: z.strictObject({
    awsvpcConfiguration: z.strictObject({
      subnets: names,
      securityGroups: names,
      assignPublicIp: z.enum(["ENABLED", "DISABLED"]),
    }),
  }),
  capacityProviderStrategy: z
    .array(z.strictObject({ capacityProvider: name, weight: whole.exactOptional(), base: whole.exactOptional() }))
    .exactOptional(),
});

const deploymentGroup = z.strictObject({
  name,
  arn,
  deploymentConfigName: name,
  serviceRoleArn: arn,
  clusterName: name,
  serviceName: name,
  alarms: z.strictObject({ enabled: z.boolean(), names, ignorePollAlarmFailure: z.boolean() }),
  autoRollback: z.strictObject({ enabled: z.boolean(), events: names }),
  triggers: z.array(z.strictObject({ name, targetArn: arn, events: names })),
  terminationWaitMinutes: whole,
  readyWaitMinutes: whole.exactOptional(),
  targetGroupNames: z.tuple([name, name], "must be two names: a blue/green deployment needs two target groups"),
  productionListenerArns: z.array(arn).length(1, "must be one ARN: CodeDeploy takes one production listener"),
  testListenerArns: z.array(arn).max(1, "must be at most one ARN: CodeDeploy takes one test listener"),
});

const step = { percentage: z.number().min(1).max(99), intervalMinutes: positive };
const deploymentConfig = z.strictObject({
  name,
  routing: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("AllAtOnce") }),
    z.strictObject({ type: z.literal("TimeBasedCanary"), ...step }),
    z.strictObject({ type: z.literal("TimeBasedLinear"), ...step }),
  ]),
});

const index = z.strictObject({ name, hashKey: name, rangeKey: name.exactOptional() });

/** The local cloud's template as JSON. It has no Lambda functions: a live service's hooks can't be played. */
export const templateSchema: z.ZodType<Template> = z.strictObject({
  region: z.string().regex(/^[a-z]+(-[a-z]+)+-\d+$/, "must be a region such as eu-central-1"),
  accountId: z.string().regex(/^\d{12}$/, "must be an account id of 12 digits"),
  loadBalancer,
  targetGroups: z.array(targetGroup).min(2),
  listeners: z.array(listener).min(1),
  alarms: z.array(alarm),
  cluster: z.strictObject({ name, arn, capacityProviders: names }),
  taskDefinition,
  service,
  application: z.strictObject({ name, computePlatform: z.literal("ECS") }),
  deploymentGroup,
  deploymentConfigs: z.array(deploymentConfig),
  repository: z.strictObject({ name, arn, url: name }),
  tables: z.array(
    z.strictObject({
      name,
      attributes: z.array(z.strictObject({ name, type: z.enum(["S", "N", "B"]) })),
      hashKey: name,
      rangeKey: name.exactOptional(),
      globalSecondaryIndexes: z.array(index),
    }),
  ),
  functions: z.tuple([], "must be an empty list: Lambda functions can't be played from a template file"),
});
