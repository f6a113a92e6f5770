import type { Service, TaskSet } from "@aws-sdk/client-ecs";
import type { LoadBalancerState } from "./load-balancer";
import { shortRevision } from "./plan";

/** The running tasks of a service and their target groups. */
export interface LiveTasks {
  /** Desired count of the service, and running tasks of the live task set; absent when AWS doesn't return them. */
  readonly desired?: number;
  readonly running?: number;
  /** ARN of the live tasks' target group; the service's, when the task set has none. */
  readonly targetGroup?: string;
  /** Task sets that an earlier deployment left next to the live one. */
  readonly others: readonly OtherTaskSet[];
}

interface OtherTaskSet {
  readonly id: string;
  readonly taskDefinition: string;
  readonly targetGroup?: string;
  /** The deployment that created it. */
  readonly deploymentId?: string;
}

/** Reads a service's task sets. Pure. */
export function liveTasks(service: Service): LiveTasks {
  const primary = service.taskSets?.find((set) => set.status === "PRIMARY");
  const running = primary?.runningCount ?? service.runningCount;
  const targetGroup = (primary && targetGroupOf(primary)) ?? targetGroupOf(service);
  return {
    ...(service.desiredCount !== undefined && { desired: service.desiredCount }),
    ...(running !== undefined && { running }),
    ...(targetGroup !== undefined && { targetGroup }),
    others: (service.taskSets ?? []).filter(({ status }) => status === "ACTIVE").map(otherTaskSet),
  };
}

function targetGroupOf({ loadBalancers = [] }: Pick<TaskSet, "loadBalancers">): string | undefined {
  return loadBalancers.find(({ targetGroupArn }) => targetGroupArn !== undefined)?.targetGroupArn;
}

function otherTaskSet(set: TaskSet): OtherTaskSet {
  const targetGroup = targetGroupOf(set);
  return {
    id: set.id ?? "?",
    taskDefinition: set.taskDefinition ?? "?",
    ...(targetGroup !== undefined && { targetGroup }),
    // Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html (externalId)
    ...(set.startedBy === "CODE_DEPLOY" && set.externalId !== undefined && { deploymentId: set.externalId }),
  };
}

/**
 * Warnings about task sets that a deployment left when it was stopped without a rollback: their share of the traffic, and
 * what happens to them. What CodeDeploy does with such a task set is not documented by AWS. The local cloud removes it
 * before it creates the new one. Pure.
 */
export function leftoverWarnings(tasks: LiveTasks, { shares }: Pick<LoadBalancerState, "shares">): readonly string[] {
  const named = new Set<string>();
  const left = tasks.others.map(({ id, taskDefinition, targetGroup, deploymentId }) => {
    if (targetGroup !== undefined) named.add(targetGroup);
    const share = targetGroup === undefined ? undefined : shares?.get(targetGroup);
    const by = deploymentId === undefined ? "" : ` by deployment ${deploymentId}`;
    const what = `${shortRevision(taskDefinition)} (task set ${id}, left there${by})`;
    if (share === 0) return `${what} still runs beside the live version and has no traffic; this release replaces it`;
    const users = share === undefined ? "an unknown share" : `${share} %`;
    return (
      `${users} of the production traffic goes to ${what}, not to the live version. It stays so until this release ` +
      "installs; then, as the local cloud plays it (AWS does not document it), that task set is removed first"
    );
  });
  const elsewhere = [...(shares ?? [])].filter(
    ([arn, share]) => share > 0 && arn !== tasks.targetGroup && !named.has(arn) && tasks.targetGroup !== undefined,
  );
  return [
    ...left,
    ...elsewhere.map(
      ([arn, share]) => `${share} % of the production traffic goes to ${arn}, where the service has no task set`,
    ),
  ];
}
