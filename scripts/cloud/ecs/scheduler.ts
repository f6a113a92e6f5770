import type { TargetHealthState } from "../load-balancer/part";

/** A task as the scheduler sees it. Times in simulated milliseconds. */
export interface TaskView {
  readonly id: string;
  /** starting: PROVISIONING or PENDING; stopping: anything from DEACTIVATING on. */
  readonly phase: "starting" | "running" | "stopping";
  readonly createdAt: number;
  /** Since when it is RUNNING. */
  readonly runningSince?: number;
  /** In the target group; undefined when it is not registered. */
  readonly health?: TargetHealthState;
  /** Since when the target group calls it unhealthy without a break. */
  readonly unhealthySince?: number;
}

/** What a task set should have. */
export interface Wanted {
  readonly count: number;
  /** No task is started before: the throttle after failed starts. */
  readonly startNotBefore: number;
}

/** How patient the scheduler is, in simulated milliseconds. */
export interface HealthDelays {
  /** After a task began to run its health checks are ignored so long: healthCheckGracePeriodSeconds. */
  readonly gracePeriodMs: number;
  /** From a target's turning unhealthy until ECS stops its task. */
  readonly unhealthyStopMs: number;
}

/** What the scheduler does next. */
export interface SchedulingPlan {
  readonly start: number;
  readonly stop: readonly { readonly id: string; readonly why: "unhealthy" | "surplus" }[];
  /** All wanted tasks run and are healthy, and there is nothing to do. */
  readonly steady: boolean;
}

/** Compares what is wanted with what there is. Stops come before starts: a task being stopped is replaced at once. */
export function planTasks(
  wanted: Wanted,
  tasks: readonly TaskView[],
  now: number,
  healthDelays: HealthDelays,
): SchedulingPlan {
  const alive = tasks.filter(({ phase }) => phase !== "stopping");
  const unhealthy = alive.filter((task) => isLost(task, now, healthDelays));
  const kept = alive.filter((task) => !unhealthy.includes(task));
  const surplus = [...kept].sort(firstToGo).slice(0, Math.max(0, kept.length - wanted.count));
  const missing = Math.max(0, wanted.count - kept.length);
  const stop = [
    ...unhealthy.map(({ id }) => ({ id, why: "unhealthy" as const })),
    ...surplus.map(({ id }) => ({ id, why: "surplus" as const })),
  ];
  const steady =
    stop.length === 0 &&
    missing === 0 &&
    kept.every(({ phase, health }) => phase === "running" && health === "healthy");
  return { start: now >= wanted.startNotBefore ? missing : 0, stop, steady };
}

function isLost(task: TaskView, now: number, healthDelays: HealthDelays): boolean {
  const { phase, health, runningSince, unhealthySince } = task;
  if (phase !== "running" || health !== "unhealthy" || runningSince === undefined || unhealthySince === undefined)
    return false;
  return now >= runningSince + healthDelays.gracePeriodMs && now >= unhealthySince + healthDelays.unhealthyStopMs;
}

/** Of tasks too many, those that serve nobody go first: starting, then not healthy, then the newest. */
function firstToGo(a: TaskView, b: TaskView): number {
  return usefulness(a) - usefulness(b) || b.createdAt - a.createdAt;
}

function usefulness({ phase, health }: TaskView): number {
  if (phase === "starting") return 0;
  return health === "healthy" ? 2 : 1;
}

/** Longest wait between starts. Documented: 27 minutes, "subject to change". */
const LONGEST_START_DELAY_MS = 27 * 60_000;
/** Wait after the first failed start; how AWS raises it is not documented: here it doubles. */
const FIRST_START_DELAY_MS = 60_000;

/**
 * How long ECS waits until it tries again when tasks keep failing before they run.
 * @param failures rounds of failed starts in a row
 * @returns simulated milliseconds
 */
export function startDelay(failures: number): number {
  if (failures <= 0) return 0;
  return Math.min(LONGEST_START_DELAY_MS, FIRST_START_DELAY_MS * 2 ** (failures - 1));
}
