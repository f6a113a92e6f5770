import { z } from "zod";

/**
 * The name of an application, a deployment group or a deployment config. Length:
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentConfig.html
 */
export const resourceName = z
  .string()
  .max(100)
  .regex(/^[\w.+=,@-]+$/, { error: "1 to 100 letters, digits and . _ + = , @ -" });

const named = z.object({ name: z.string().min(1) });
/** At most two days (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BlueInstanceTerminationOption.html). */
const minutes = z.number().int().min(0).max(2880);
const route = z.object({ listenerArns: z.array(z.string().startsWith("arn:")).length(1) });

/** A list of servers, which must be empty for ECS. */
const noServers = z.array(z.never({ error: "a deployment group for ECS has no servers: leave it empty" }));

const TRIGGER_EVENTS = [
  "DeploymentStart",
  "DeploymentSuccess",
  "DeploymentFailure",
  "DeploymentStop",
  "DeploymentRollback",
  "DeploymentReady",
  "InstanceStart",
  "InstanceSuccess",
  "InstanceFailure",
  "InstanceReady",
] as const;

/**
 * The settings of a deployment group for ECS
 * (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html). Settings for servers are refused.
 */
export const groupSettings = z.object({
  deploymentConfigName: resourceName,
  serviceRoleArn: z.string().regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, { error: "the ARN of a role" }),
  alarmConfiguration: z.object({
    enabled: z.boolean().default(false),
    ignorePollAlarmFailure: z.boolean().default(false),
    alarms: z.array(z.object({ name: z.string().min(1).max(255) })).default([]),
  }),
  autoRollbackConfiguration: z.object({
    enabled: z.boolean().default(false),
    events: z
      .array(z.enum(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]))
      .default([]),
  }),
  deploymentStyle: z.object({
    deploymentType: z.literal("BLUE_GREEN"),
    deploymentOption: z.literal("WITH_TRAFFIC_CONTROL"),
  }),
  blueGreenDeploymentConfiguration: z.object({
    terminateBlueInstancesOnDeploymentSuccess: z.object({
      action: z.enum(["TERMINATE", "KEEP_ALIVE"]).default("TERMINATE"),
      terminationWaitTimeInMinutes: minutes.default(0),
    }),
    deploymentReadyOption: z.object({
      actionOnTimeout: z.enum(["CONTINUE_DEPLOYMENT", "STOP_DEPLOYMENT"]).default("CONTINUE_DEPLOYMENT"),
      waitTimeInMinutes: minutes.default(0),
    }),
  }),
  loadBalancerInfo: z.object({
    targetGroupPairInfoList: z
      .array(
        z.object({
          targetGroups: z.array(named).length(2),
          prodTrafficRoute: route,
          testTrafficRoute: route.optional(),
        }),
      )
      .length(1),
  }),
  ecsServices: z.array(z.object({ serviceName: z.string().min(1), clusterName: z.string().min(1) })).length(1),
  triggerConfigurations: z.array(
    z.object({
      triggerName: z.string().min(1),
      triggerTargetArn: z.string().startsWith("arn:"),
      triggerEvents: z.array(z.enum(TRIGGER_EVENTS)).min(1),
    }),
  ),
  // Clients send these lists empty, as they have read them.
  ec2TagFilters: noServers.optional(),
  onPremisesInstanceTagFilters: noServers.optional(),
  autoScalingGroups: noServers.optional(),
  outdatedInstancesStrategy: z.enum(["UPDATE", "IGNORE"]),
  terminationHookEnabled: z.boolean(),
});

/** The settings of a deployment group with their defaults. */
export type GroupSettings = z.output<typeof groupSettings>;
