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
export class LiveServiceError extends Error {
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
