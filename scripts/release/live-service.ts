import type { CapacityProviderStrategyItem, Service } from "@aws-sdk/client-ecs";

/** Settings of the running service that the next release keeps. */
export interface LiveService {
  readonly arn: string;
  /** ARN of the task definition that has the production traffic. */
  readonly taskDefinition: string;
  readonly container: string;
  readonly containerPort: number;
  readonly platformVersion?: string;
  readonly network?: {
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
    readonly assignPublicIp?: string;
  };
  readonly capacityProviderStrategy: readonly CapacityProviderStrategyItem[];
}

/** The service can't be released in its present state. */
class LiveServiceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LiveServiceError";
  }
}

/**
 * Reads the settings of the task set that has the production traffic (PRIMARY); missing ones come from the service. Pure.
 *
 * @param container name of the container behind the load balancer
 * @throws LiveServiceError when no task set has traffic, or the load balancer doesn't reach this container
 */
export function liveService(service: Service, container: string): LiveService {
  const primary = service.taskSets?.find((set) => set.status === "PRIMARY");
  const taskDefinition = primary?.taskDefinition ?? service.taskDefinition;
  if (taskDefinition === undefined) throw new LiveServiceError("no task set has the production traffic");
  const loadBalancers = [...(primary?.loadBalancers ?? []), ...(service.loadBalancers ?? [])];
  const port = loadBalancers.find((balancer) => balancer.containerName === container)?.containerPort;
  if (port === undefined) throw new LiveServiceError(`the load balancer reaches no container ${container}`);
  const platformVersion = primary?.platformVersion ?? service.platformVersion;
  const network = (primary?.networkConfiguration ?? service.networkConfiguration)?.awsvpcConfiguration;
  const strategies = [primary?.capacityProviderStrategy, service.capacityProviderStrategy];
  return {
    arn: service.serviceArn ?? "?",
    taskDefinition,
    container,
    containerPort: port,
    ...(platformVersion !== undefined && platformVersion !== "" && { platformVersion }),
    ...(network && {
      network: {
        subnets: network.subnets ?? [],
        securityGroups: network.securityGroups ?? [],
        ...(network.assignPublicIp && { assignPublicIp: network.assignPublicIp }),
      },
    }),
    capacityProviderStrategy: strategies.find((strategy) => (strategy?.length ?? 0) > 0) ?? [],
  };
}

/** Warnings for settings of the live task set that an appspec can't name: the new task set may lack them. Pure. */
export function beyondAppSpec({ taskSets = [] }: Service): readonly string[] {
  const primary = taskSets.find((set) => set.status === "PRIMARY");
  const registries = (primary?.serviceRegistries ?? []).map(({ registryArn }) => registryArn ?? "?");
  const balancers = primary?.loadBalancers ?? [];
  return [
    ...registries.map(
      (arn) =>
        `the live tasks are registered in ${arn}: an appspec can't name it, so check whether the new tasks are registered there too`,
    ),
    ...(balancers.length > 1
      ? [
          `the live tasks have ${balancers.length} target groups: an appspec names one container and port, so the others are not carried over`,
        ]
      : []),
  ];
}
