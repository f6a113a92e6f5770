import type { CapacityProviderStrategyItem, Service } from "@aws-sdk/client-ecs";

/** What the next release carries over from the service as it runs now. */
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

/** The service can't be released as it is. */
class LiveServiceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LiveServiceError";
  }
}

/**
 * Reads the settings of the task set that has the production traffic (PRIMARY); what it doesn't tell comes from the
 * service. Pure.
 *
 * @param container the one the load balancer reaches
 * @throws LiveServiceError when nothing runs, or the load balancer reaches no such container
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

/** What the live task set has and an appspec can't name, so that nobody here knows whether the new one has it. Pure. */
export function beyondAppSpec({ taskSets = [] }: Service): readonly string[] {
  const primary = taskSets.find((set) => set.status === "PRIMARY");
  const registries = (primary?.serviceRegistries ?? []).map(({ registryArn }) => registryArn ?? "?");
  const balancers = primary?.loadBalancers ?? [];
  return [
    ...registries.map(
      (arn) => `the live tasks are registered in ${arn}: an appspec can't say so, look whether the new ones are, too`,
    ),
    ...(balancers.length > 1
      ? [
          `the live tasks have ${balancers.length} target groups: an appspec names one container and port, the rest is not carried`,
        ]
      : []),
  ];
}
