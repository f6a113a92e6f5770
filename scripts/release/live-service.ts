import type { CapacityProviderStrategyItem, LoadBalancer, Service } from "@aws-sdk/client-ecs";

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
 * @param expected name of the container behind the load balancer; absent: whichever it reaches
 * @throws LiveServiceError when no task set has traffic, the load balancer doesn't reach this container, or there is no load
 *   balancer or more than one target group
 */
export function liveService(service: Service, expected?: string): LiveService {
  const primary = service.taskSets?.find((set) => set.status === "PRIMARY");
  const taskDefinition = primary?.taskDefinition ?? service.taskDefinition;
  if (taskDefinition === undefined) throw new LiveServiceError("no task set has the production traffic");
  const { container, port } = reachedContainer(loadBalancersOf(service), expected);
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

/** The load balancers of the live task set; missing ones come from the service. */
function loadBalancersOf(service: Service): readonly LoadBalancer[] {
  const primary = service.taskSets?.find((set) => set.status === "PRIMARY")?.loadBalancers ?? [];
  return primary.length > 0 ? primary : (service.loadBalancers ?? []);
}

function reachedContainer(balancers: readonly LoadBalancer[], expected: string | undefined) {
  const [first, ...others] = balancers;
  if (!first) throw new LiveServiceError("the service has no load balancer, so CodeDeploy could move no traffic");
  if (others.length > 0) {
    const groups = balancers.map(({ targetGroupArn, loadBalancerName, containerName = "?", containerPort = "?" }) => {
      const name = targetGroupArn?.replace(/^.*:targetgroup\/([^/]*)\/.*$/, "$1") ?? loadBalancerName ?? "?";
      return `${name} for ${containerName}:${containerPort}`;
    });
    throw new LiveServiceError(
      `the service is behind ${balancers.length} target groups (${groups.join(", ")}): an appspec names one container and ` +
        "port, so the new version would be missing in the others",
    );
  }
  const { containerName: container, containerPort: port } = first;
  if (expected !== undefined && container !== expected) {
    const actual = container === undefined ? "" : `, but ${container}`;
    throw new LiveServiceError(`the load balancer reaches no container ${expected}${actual}`);
  }
  if (container === undefined || port === undefined) {
    throw new LiveServiceError("AWS doesn't say which container and port the load balancer reaches");
  }
  return { container, port };
}

/** Warnings for settings of the live task set that an appspec can't name: the new task set may lack them. Pure. */
export function beyondAppSpec({ taskSets = [] }: Service): readonly string[] {
  const primary = taskSets.find((set) => set.status === "PRIMARY");
  const registries = (primary?.serviceRegistries ?? []).map(({ registryArn }) => registryArn ?? "?");
  return registries.map(
    (arn) =>
      `the live tasks are registered in ${arn}: an appspec can't name it, so check whether the new tasks are registered there too`,
  );
}
