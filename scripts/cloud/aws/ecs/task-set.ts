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
 * What LATEST is on Fargate. With the CODE_DEPLOY controller DescribeServices answers the version that it stands for
 * (containers-roadmap#2840).
 */
const LATEST_PLATFORM = "1.4.0";

/** Where and how tasks run: the parts that a service and its task sets are described with alike. */
export interface Placement {
  readonly launchType?: LaunchType;
  readonly capacityProviderStrategy?: CapacityProviderStrategyItem[];
  readonly platformVersion?: string;
  readonly platformFamily?: string;
  readonly networkConfiguration: NetworkConfiguration;
}

/** How the service's tasks run: capacity providers of Fargate are Fargate too. */
export function launchTypeOf({ launchType, capacityProviderStrategy }: ServiceTemplate): LaunchType | undefined {
  const fargate = capacityProviderStrategy?.some(({ capacityProvider }) => capacityProvider.startsWith("FARGATE"));
  return fargate ? "FARGATE" : (launchType as LaunchType | undefined);
}

/**
 * Where a task set's tasks run: what its appspec said, else what the service says. Without a task set, the service's.
 */
export function placementOf(taskSet: TaskSet | undefined, service: ServiceTemplate): Placement {
  const settings = taskSet?.settings ?? {};
  const strategy = settings.capacityProviderStrategy ?? service.capacityProviderStrategy;
  const isFargate = launchTypeOf(service) === "FARGATE";
  const asked = settings.platformVersion ?? service.platformVersion ?? (isFargate ? "LATEST" : undefined);
  const platformVersion = asked === "LATEST" ? LATEST_PLATFORM : asked;
  return {
    ...(strategy
      ? { capacityProviderStrategy: strategy.map((item) => ({ ...item })) }
      : service.launchType !== undefined && { launchType: service.launchType as LaunchType }),
    ...(platformVersion !== undefined && { platformVersion }),
    ...(isFargate && { platformFamily: "Linux" }),
    networkConfiguration: settings.networkConfiguration ?? service.networkConfiguration,
  };
}

/** A task set as ECS describes it. */
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
