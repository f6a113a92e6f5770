import type { Service as WireService } from "@aws-sdk/client-ecs";
import type { AwsBackend } from "../operation";
import { primaryOf } from "./find";
import { placementOf, wireTaskSet } from "./task-set";

/**
 * The service as ECS describes it. With the CODE_DEPLOY controller it follows its PRIMARY task set: task definition,
 * target group and placement are that one's.
 */
export function serviceView(backend: AwsBackend): WireService {
  const { template, parts, startedAt } = backend;
  const { service } = template;
  const taskSets = parts.ecs.taskSets();
  const primary = primaryOf(backend);
  const total = (count: "runningCount" | "pendingCount") => taskSets.reduce((sum, taskSet) => sum + taskSet[count], 0);
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: template.cluster.arn,
    loadBalancers: primary
      ? [
          {
            targetGroupArn: primary.targetGroupArn,
            containerName: primary.containerName,
            containerPort: primary.containerPort,
          },
        ]
      : service.loadBalancers.map((loadBalancer) => ({ ...loadBalancer })),
    serviceRegistries: [],
    status: "ACTIVE",
    desiredCount: parts.ecs.desiredCount(),
    runningCount: total("runningCount"),
    pendingCount: total("pendingCount"),
    ...placementOf(primary, service),
    ...(primary && { taskDefinition: primary.taskDefinitionArn }),
    taskSets: taskSets.map((taskSet) => wireTaskSet(taskSet, backend)),
    deployments: [],
    // What a service has where it says nothing; CodeDeploy replaces whole task sets, whatever stands here.
    deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
    roleArn: serviceRoleArn(backend),
    events: parts.ecs.events().map(({ id, at, message }) => ({ id, createdAt: new Date(at), message })),
    createdAt: new Date(startedAt),
    placementConstraints: [],
    placementStrategy: [],
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds ?? 0,
    schedulingStrategy: "REPLICA",
    deploymentController: { type: service.deploymentController as "CODE_DEPLOY" },
    createdBy: `arn:${partitionOf(service.arn)}:iam::${template.accountId}:root`,
    enableECSManagedTags: service.enableEcsManagedTags ?? false,
    propagateTags: service.propagateTags ?? "NONE",
    enableExecuteCommand: service.enableExecuteCommand ?? false,
  };
}

/** The role that ECS itself works with, in every account. Recorded: the AWS CLI's examples of describe-services. */
function serviceRoleArn({ template }: AwsBackend): string {
  const partition = partitionOf(template.service.arn);
  return `arn:${partition}:iam::${template.accountId}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`;
}

function partitionOf(arn: string): string {
  return arn.split(":")[1] ?? "aws";
}
