import type { Service, TaskSet } from "@aws-sdk/client-ecs";
import type { LoadBalancerState } from "./load-balancer";
import { shortRevision } from "./plan";

/** What of a service runs now, and behind which target groups. */
export interface LiveTasks {
  /** Tasks that the service is to have, and those of the live task set that run; absent where AWS doesn't tell. */
  readonly desired?: number;
  readonly running?: number;
  /** ARN of the target group that the live tasks are in. */
  readonly targetGroup?: string;
  /** Task sets that an earlier deployment left beside the live one. */
  readonly others: readonly OtherTaskSet[];
}

interface OtherTaskSet {
  readonly id: string;
  readonly taskDefinition: string;
  readonly targetGroup?: string;
  /** The deployment that made it. */
  readonly deploymentId?: string;
}

/** Reads a service's task sets. Pure. */
export function liveTasks(service: Service): LiveTasks {
  const primary = service.taskSets?.find((set) => set.status === "PRIMARY");
  const running = primary?.runningCount ?? service.runningCount;
  const targetGroup = primary && targetGroupOf(primary);
  return {
    ...(service.desiredCount !== undefined && { desired: service.desiredCount }),
    ...(running !== undefined && { running }),
    ...(targetGroup !== undefined && { targetGroup }),
    others: (service.taskSets ?? []).filter(({ status }) => status === "ACTIVE").map(otherTaskSet),
  };
}

function targetGroupOf({ loadBalancers = [] }: TaskSet): string | undefined {
  return loadBalancers.find(({ targetGroupArn }) => targetGroupArn !== undefined)?.targetGroupArn;
}

function otherTaskSet(set: TaskSet): OtherTaskSet {
  const targetGroup = targetGroupOf(set);
  return {
    id: set.id ?? "?",
    taskDefinition: set.taskDefinition ?? "?",
    ...(targetGroup !== undefined && { targetGroup }),
    // CodeDeploy notes its deployment on the task sets that it makes.
    ...(set.startedBy === "CODE_DEPLOY" && set.externalId !== undefined && { deploymentId: set.externalId }),
  };
}

/**
 * What a deployment that was stopped without a rollback has left: who has it now, and what becomes of it. What CodeDeploy
 * does with such a task set is not documented; the local cloud plays that it is removed before the new one is made. Pure.
 */
export function leftoverWarnings(tasks: LiveTasks, { shares }: Pick<LoadBalancerState, "shares">): readonly string[] {
  const told = new Set<string>();
  const left = tasks.others.map(({ id, taskDefinition, targetGroup, deploymentId }) => {
    if (targetGroup !== undefined) told.add(targetGroup);
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
  const astray = [...(shares ?? [])].filter(
    ([arn, share]) => share > 0 && arn !== tasks.targetGroup && !told.has(arn) && tasks.targetGroup !== undefined,
  );
  return [
    ...left,
    ...astray.map(
      ([arn, share]) => `${share} % of the production traffic goes to ${arn}, where no task set of the service is`,
    ),
  ];
}
