import type {
  CapacityProviderStrategyItem,
  LaunchType,
  NetworkConfiguration,
  TaskSet as WireTaskSet,
} from "@aws-sdk/client-ecs";
import type { TaskSet } from "../../ecs/part";
import type { ServiceTemplate } from "../../template";
import type { AwsBackend } from "../operation";

/**
 * The version that LATEST means on Fargate. With the CODE_DEPLOY controller, DescribeServices returns this version instead of
 * LATEST (https://github.com/aws/containers-roadmap/issues/2840).
 */
const LATEST_PLATFORM = "1.4.0";

/** Where and how tasks run. A service and its task sets have these keys in common. */
export interface Placement {
  readonly launchType?: LaunchType;
  readonly capacityProviderStrategy?: CapacityProviderStrategyItem[];
  readonly platformVersion?: string;
  readonly platformFamily?: string;
  readonly networkConfiguration: NetworkConfiguration;
}

/** The launch type of the service's tasks. With a capacity provider of Fargate it is FARGATE. */
export function launchTypeOf({ launchType, capacityProviderStrategy }: ServiceTemplate): LaunchType | undefined {
  const fargate = capacityProviderStrategy?.some(({ capacityProvider }) => capacityProvider.startsWith("FARGATE"));
  return fargate ? "FARGATE" : (launchType as LaunchType | undefined);
}

/** The placement of a task set: the settings of its appspec before those of the service. Without a task set, the service's. */
export function placementOf(taskSet: TaskSet | undefined, service: ServiceTemplate): Placement {
  const settings = taskSet?.settings ?? {};
  const strategy = settings.capacityProviderStrategy ?? service.capacityProviderStrategy;
  const isFargate = launchTypeOf(service) === "FARGATE";
  const requested = settings.platformVersion ?? service.platformVersion ?? (isFargate ? "LATEST" : undefined);
  const platformVersion = requested === "LATEST" ? LATEST_PLATFORM : requested;
  return {
    ...(strategy
      ? { capacityProviderStrategy: strategy.map((item) => ({ ...item })) }
      : service.launchType !== undefined && { launchType: service.launchType as LaunchType }),
    ...(platformVersion !== undefined && { platformVersion }),
    ...(isFargate && { platformFamily: "Linux" }),
    networkConfiguration: settings.networkConfiguration ?? service.networkConfiguration,
  };
}

/** A task set as ECS returns it. */
export function wireTaskSet(taskSet: TaskSet, { template }: AwsBackend): WireTaskSet {
  return {
    id: taskSet.id,
    taskSetArn: taskSet.arn,
    serviceArn: template.service.arn,
    clusterArn: template.cluster.arn,
    startedBy: taskSet.startedBy,
    externalId: taskSet.externalId,
    status: taskSet.status,
    taskDefinition: taskSet.taskDefinitionArn,
    computedDesiredCount: taskSet.desiredCount,
    pendingCount: taskSet.pendingCount,
    runningCount: taskSet.runningCount,
    createdAt: new Date(taskSet.createdAt),
    updatedAt: new Date(taskSet.updatedAt),
    ...placementOf(taskSet, template.service),
    loadBalancers: [
      {
        targetGroupArn: taskSet.targetGroupArn,
        containerName: taskSet.containerName,
        containerPort: taskSet.containerPort,
      },
    ],
    serviceRegistries: [],
    scale: { value: taskSet.scale, unit: "PERCENT" },
    stabilityStatus: taskSet.stability,
    stabilityStatusAt: new Date(taskSet.stabilityAt),
    tags: [],
  };
}
