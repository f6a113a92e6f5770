import type { TargetHealthState } from "../load-balancer/part";

/** A task as the scheduler sees it. Times in simulated milliseconds. */
export interface TaskView {
  readonly id: string;
  /** starting: PROVISIONING or PENDING; stopping: anything from DEACTIVATING on. */
  readonly phase: "starting" | "running" | "stopping";
  readonly createdAt: number;
  /** When it became RUNNING. */
  readonly runningSince?: number;
  /** Its state in the target group; undefined when it is not registered. */
  readonly health?: TargetHealthState;
  /** When it became unhealthy in the target group, if it has been unhealthy since then. */
  readonly unhealthySince?: number;
}

/** The tasks that a task set should have. */
export interface DesiredTasks {
  readonly count: number;
  /** The time before which no task starts: ECS delays starts after failures. */
  readonly startNotBefore: number;
}

/** Delays before the scheduler replaces an unhealthy task, in simulated milliseconds. */
export interface HealthDelays {
  /** After a task starts to run, its health checks are ignored for this time: healthCheckGracePeriodSeconds. */
  readonly gracePeriodMs: number;
  /** From the time at which a target becomes unhealthy until ECS stops its task. */
  readonly unhealthyStopMs: number;
}

/** The next actions of the scheduler. */
export interface SchedulingPlan {
  readonly start: number;
  readonly stop: readonly { readonly id: string; readonly why: "unhealthy" | "surplus" }[];
  /** All desired tasks run and are healthy, and nothing has to be done. */
  readonly steady: boolean;
}

/** Compares the desired tasks with the existing ones. A task that is being stopped is replaced at once. Pure. */
export function planTasks(
  desired: DesiredTasks,
  tasks: readonly TaskView[],
  now: number,
  healthDelays: HealthDelays,
): SchedulingPlan {
  const alive = tasks.filter(({ phase }) => phase !== "stopping");
  const unhealthy = alive.filter((task) => isUnhealthyForLong(task, now, healthDelays));
  const kept = alive.filter((task) => !unhealthy.includes(task));
  const surplus = [...kept].sort(compareForStop).slice(0, Math.max(0, kept.length - desired.count));
  const missing = Math.max(0, desired.count - kept.length);
  const stop = [
    ...unhealthy.map(({ id }) => ({ id, why: "unhealthy" as const })),
    ...surplus.map(({ id }) => ({ id, why: "surplus" as const })),
  ];
  const steady =
    stop.length === 0 &&
    missing === 0 &&
    kept.every(({ phase, health }) => phase === "running" && health === "healthy");
  return { start: now >= desired.startNotBefore ? missing : 0, stop, steady };
}

function isUnhealthyForLong(task: TaskView, now: number, healthDelays: HealthDelays): boolean {
  const { phase, health, runningSince, unhealthySince } = task;
  if (phase !== "running" || health !== "unhealthy" || runningSince === undefined || unhealthySince === undefined)
    return false;
  return now >= runningSince + healthDelays.gracePeriodMs && now >= unhealthySince + healthDelays.unhealthyStopMs;
}

/** Orders surplus tasks for stopping: starting ones first, then unhealthy ones, then the newest. */
function compareForStop(a: TaskView, b: TaskView): number {
  return usefulness(a) - usefulness(b) || b.createdAt - a.createdAt;
}

function usefulness({ phase, health }: TaskView): number {
  if (phase === "starting") return 0;
  return health === "healthy" ? 2 : 1;
}

/**
 * Longest wait between starts. Documented as 27 minutes, "subject to change".
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
 */
const LONGEST_START_DELAY_MS = 27 * 60_000;
/** Wait after the first failed start. It doubles with each further one; AWS does not document the increase. */
const FIRST_START_DELAY_MS = 60_000;

/**
 * How long ECS waits before it starts tasks again, when tasks fail before they run.
 * @param failures number of consecutive rounds of failed starts
 * @returns simulated milliseconds
 */
export function startDelay(failures: number): number {
  if (failures <= 0) return 0;
  return Math.min(LONGEST_START_DELAY_MS, FIRST_START_DELAY_MS * 2 ** (failures - 1));
}
