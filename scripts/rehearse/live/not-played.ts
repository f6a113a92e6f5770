import type { Service, TaskDefinition, TaskSet } from "@aws-sdk/client-ecs";
import type { DeploymentGroupTemplate } from "../../cloud/template";

/** Tasks that a machine runs without trouble. More are told, because a rehearsal starts all of them twice. */
const MANY_TASKS = 10;

/** Members of a task definition that change how its tasks run, and that the local cloud ignores. */
const IGNORED: readonly (keyof TaskDefinition)[] = [
  "inferenceAccelerators",
  "ipcMode",
  "pidMode",
  "placementConstraints",
  "proxyConfiguration",
];

/** What is live, as far as the lines need it. */
export interface Live {
  readonly service: Service;
  /** The task set that has the production traffic. */
  readonly primary: TaskSet | undefined;
  readonly taskDefinition: TaskDefinition;
  /** The container that the load balancer reaches. */
  readonly containerName: string;
  readonly group: DeploymentGroupTemplate;
  /** Whether the template has an alarm of the group. */
  readonly hasAlarms: boolean;
}

/** What a service has on AWS and a rehearsal doesn't play, one sentence each; alarms and listeners have their own. Pure. */
export function notPlayedOfService(live: Live): readonly string[] {
  return [...deploymentLines(live), ...taskLines(live), ...serviceLines(live)];
}

function* deploymentLines({ group, hasAlarms }: Live): Generator<string> {
  yield "Hooks of the appspec are not played: their Lambda functions are not read.";
  if (!hasAlarms) yield "No alarm of the deployment group is played, so no alarm can stop the release.";
  if (group.readyWaitMinutes !== undefined) {
    yield (
      `Nobody continues a deployment here, so it is stopped after its wait of ${group.readyWaitMinutes} minutes ` +
      "(STOP_DEPLOYMENT). Without deploymentGroup.readyWaitMinutes, a template file is played without this wait."
    );
  }
}

function* taskLines({ taskDefinition, containerName }: Live): Generator<string> {
  const containers = taskDefinition.containerDefinitions ?? [];
  const others = containers.flatMap(({ name }) => (name === undefined || name === containerName ? [] : [name]));
  if (others.length > 0) {
    yield `Containers beside ${containerName}, which the load balancer reaches, are not played: ${others.join(", ")}.`;
  }
  const checked = containers.filter(({ healthCheck }) => healthCheck).map(({ name = "?" }) => name);
  if (checked.length > 0) {
    yield `Health checks of containers are not played: ${checked.join(", ")}. Those of the target group are.`;
  }
  const ignored = IGNORED.filter((key) => {
    const value = taskDefinition[key];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
  if (ignored.length > 0) yield `Of the task definition, ${ignored.join(", ")} is not played.`;
}

function* serviceLines({ service, primary }: Live): Generator<string> {
  const { desiredCount = 0 } = service;
  yield `Auto scaling is not played: the service keeps ${desiredCount} tasks.`;
  if (desiredCount > MANY_TASKS) {
    yield (
      `The service has ${desiredCount} tasks, and this machine starts as many for each version. ` +
      "A smaller service.desiredCount in the template file, played with --template, is faster."
    );
  }
  const registries = [...(primary?.serviceRegistries ?? []), ...(service.serviceRegistries ?? [])];
  const arns = new Set(registries.flatMap(({ registryArn }) => registryArn ?? []));
  if (arns.size > 0) yield `Service discovery is not played: ${[...arns].join(", ")}.`;
  if (runsOnInstances(service, primary)) {
    yield "The cluster's instances are not played: on AWS, the tasks of both versions need room on them at the same time.";
  }
}

/** Whether tasks run on instances of the account, and not on Fargate. */
function runsOnInstances(service: Service, primary: TaskSet | undefined): boolean {
  const strategies = [primary?.capacityProviderStrategy, service.capacityProviderStrategy];
  const strategy = strategies.find((one) => (one?.length ?? 0) > 0);
  if (strategy) return strategy.some(({ capacityProvider = "" }) => !/^FARGATE(_SPOT)?$/.test(capacityProvider));
  return (primary?.launchType ?? service.launchType) === "EC2";
}
