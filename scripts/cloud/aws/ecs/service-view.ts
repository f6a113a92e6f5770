import type { Service as WireService } from "@aws-sdk/client-ecs";
import type { Cloud } from "../operation";
import { primaryOf } from "./find";
import { placementOf, wireTaskSet } from "./task-set";

/**
 * The service as ECS describes it. With the CODE_DEPLOY controller it follows its PRIMARY task set: task definition,
 * target group and placement are that one's.
 */
export function serviceView(cloud: Cloud): WireService {
  const { template, parts, startedAt } = cloud;
  const { service } = template;
  const taskSets = parts.ecs.taskSets();
  const primary = primaryOf(cloud);
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
    taskSets: taskSets.map((taskSet) => wireTaskSet(taskSet, cloud)),
    deployments: [],
    events: parts.ecs.events().map(({ id, at, message }) => ({ id, createdAt: new Date(at), message })),
    createdAt: new Date(startedAt),
    placementConstraints: [],
    placementStrategy: [],
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    schedulingStrategy: "REPLICA",
    deploymentController: { type: service.deploymentController as "CODE_DEPLOY" },
  };
}
