import type { Service as WireService } from "@aws-sdk/client-ecs";
import type { AwsBackend } from "../operation";
import { primaryOf } from "./find";
import { placementOf, wireTaskSet } from "./task-set";

/**
 * The service as DescribeServices returns it. With the CODE_DEPLOY controller, its task definition, target group and placement
 * are those of its PRIMARY task set.
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
    // ECS's defaults. They have no effect: CodeDeploy replaces whole task sets.
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

/**
 * ARN of ECS's service-linked role, as in the examples of
 * https://docs.aws.amazon.com/cli/latest/reference/ecs/describe-services.html.
 */
function serviceRoleArn({ template }: AwsBackend): string {
  const partition = partitionOf(template.service.arn);
  return `arn:${partition}:iam::${template.accountId}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`;
}

function partitionOf(arn: string): string {
  return arn.split(":")[1] ?? "aws";
}
