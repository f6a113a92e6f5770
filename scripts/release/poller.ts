import type { AwsPort } from "./aws-port";
import { nextDelay } from "./backoff";
import type { Clock } from "./clock";
import { errorType, explain, isWorthAnotherTry, remedyFor, type Failure } from "./failure";
import { readServiceMessages, readStoppedTasks } from "./mishaps";
import {
  deploymentView,
  eventStatus,
  isEnded,
  targetView,
  type AlarmView,
  type Part,
  type Snapshot,
  type TargetView,
  type Unread,
} from "./snapshot";
import { readAlarms } from "./alarms";

/** Polls failed in a row before the watch gives up. */
const FAILURE_LIMIT = 10;
/** While the new tasks start, every how many looks the stopped ones are asked for. */
const MISHAPS_EVERY = 3;

/** What is watched, and how patiently. */
export interface WatchInput {
  readonly deploymentId: string;
  readonly cluster: string;
  readonly service: string;
  /** Alarms of the deployment group; none are read when empty. */
  readonly alarmNames: readonly string[];
  /** Milliseconds between two looks. */
  readonly intervalMs: number;
  /** When to stop looking, by `clock`. */
  readonly deadline: number;
  /** Cuts the wait for the next look short, once. */
  readonly wake?: AbortSignal;
}

/** What the poller lives on. */
export interface WatchDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** One thing the poller has to tell. */
export type Sighting =
  | { readonly type: "snapshot"; readonly snapshot: Snapshot }
  | { readonly type: "trouble"; readonly failure: Failure; readonly attempt: number; readonly retryInMs: number };

/** The watch was given up; the deployment goes on. `why` and `next` are for people. */
export class LostSight extends Error {
  constructor(
    readonly why: string,
    readonly next: string,
  ) {
    super(why);
    this.name = "LostSight";
  }
}

/**
 * Looks at a deployment again and again and yields what it sees, for as long as it is asked to. It decides nothing: who
 * consumes it stops when the outcome is clear.
 *
 * @throws LostSight when the deadline passed, when too many looks failed in a row, or when another try is pointless
 */
export async function* watchDeployment(deps: WatchDeps, input: WatchInput): AsyncGenerator<Sighting, never> {
  const { clock } = deps;
  const look = lookAt(deps, input);
  const minutes = Math.round((input.deadline - clock.now()) / 60_000);
  let failures = 0;
  for (;;) {
    const result = await look().catch((error: unknown) => explainLook(error));
    failures = "kind" in result ? failures + 1 : 0;
    const delay = nextDelay(input.intervalMs, failures, deps.random());
    if ("kind" in result) {
      if (!isWorthAnotherTry(result)) throw lostSightOf(result, 1);
      if (failures >= FAILURE_LIMIT) throw lostSightOf(result, failures);
      yield { type: "trouble", failure: result, attempt: failures, retryInMs: delay };
    } else {
      yield { type: "snapshot", snapshot: result };
    }
    const left = input.deadline - clock.now();
    if (left <= 0) {
      throw new LostSight(
        `it was not over after ${minutes} minutes, as long as this watch was to last (--timeout)`,
        "attach to it again to go on watching",
      );
    }
    await clock.sleep(Math.min(delay, left), input.wake?.aborted === true ? undefined : input.wake);
  }
}

/** A deployment just created may not be known everywhere yet; its id is ours, so "unknown" passes. */
function explainLook(error: unknown): Failure {
  const failure = explain(error);
  return failure.type === "DeploymentDoesNotExistException" ? { ...failure, kind: "passing" } : failure;
}

function lostSightOf(failure: Failure, failures: number): LostSight {
  const tries = failures > 1 ? ` ${failures} times in a row` : "";
  return new LostSight(
    `reading the deployment failed${tries}: ${failure.type}: ${failure.message}`,
    remedyFor(failure),
  );
}

/** Makes the function that takes one look; it remembers what the next look needs. */
function lookAt({ aws, clock }: WatchDeps, input: WatchInput): () => Promise<Snapshot> {
  let previous: Snapshot | undefined;
  let looks = 0;
  let anchor = { stamp: 0, seenAt: 0 };
  let ended: { readonly at: number; readonly looks: number } | undefined;
  const activated = new Map<string, AlarmView>();
  /** Why a part could not be read when it was last asked for. */
  const unread = new Map<Part, string>();
  const orBefore = async <T>(part: Part, read: Promise<T>, before: T): Promise<T> => {
    try {
      const answer = await read;
      unread.delete(part);
      return answer;
    } catch (error) {
      const failure = explain(error);
      unread.set(part, `${failure.type}: ${failure.message}`);
      return before;
    }
  };
  const unreadNow = (): readonly Unread[] => [...unread].map(([part, why]) => ({ part, why }));

  return async () => {
    // Only the deployment's own state is essential: it alone decides the outcome.
    const [deployment, before, alarms] = await Promise.all([
      readDeployment(aws, input.deploymentId),
      orBefore("steps", readTarget(aws, input), previous?.target),
      orBefore("alarms", readAlarms(aws, input.alarmNames), previous?.alarms ?? []),
    ]);
    const rollback = deployment.rollbackId === undefined ? undefined : await readDeployment(aws, deployment.rollbackId);
    // Where a rollback has brought the traffic shows only after it: what was read above may be from before its end.
    const target =
      rollback && isEnded(rollback.status) ? await orBefore("steps", readTarget(aws, input), before) : before;

    for (const alarm of alarms) if (alarm.state === "ALARM") activated.set(alarm.name, alarm);
    const now = clock.now();
    const stamp = newestStamp([deployment.createdAt, deployment.completedAt, rollback?.createdAt], target);
    if (stamp > anchor.stamp) anchor = { stamp, seenAt: now };
    const endedBadly = isEnded(deployment.status) && deployment.status !== "Succeeded";
    const justEnded = endedBadly && ended === undefined;
    if (endedBadly) ended = ended ? { ...ended, looks: ended.looks + 1 } : { at: now, looks: 0 };

    let snapshot: Snapshot = {
      at: now,
      awsTime: Math.max(now, anchor.stamp + now - anchor.seenAt),
      deployment,
      ...(target && { target }),
      ...(rollback && { rollback }),
      alarms,
      activatedAlarms: [...activated.values()],
      stoppedTasks: previous?.stoppedTasks ?? [],
      serviceMessages: previous?.serviceMessages ?? [],
      sinceEnded: ended ? { looks: ended.looks, ms: now - ended.at } : { looks: 0, ms: 0 },
      unread: unreadNow(),
    };
    const installing = eventStatus(snapshot, "Install") === "InProgress" && looks % MISHAPS_EVERY === MISHAPS_EVERY - 1;
    if (installing || justEnded) {
      const green = (target ?? previous?.target)?.taskSets.find((set) => set.label === "Green");
      const [stoppedTasks, serviceMessages] = await Promise.all([
        orBefore("tasks", readStoppedTasks(aws, input, green?.id), snapshot.stoppedTasks),
        orBefore(
          "messages",
          readServiceMessages(aws, input, deployment.createdAt ?? now, green?.id),
          snapshot.serviceMessages,
        ),
      ]);
      // What was once seen is kept: ECS forgets stopped tasks, and a task set that is gone takes its id with it.
      snapshot = {
        ...snapshot,
        stoppedTasks: stoppedTasks.length > 0 ? stoppedTasks : snapshot.stoppedTasks,
        serviceMessages: serviceMessages.length > 0 ? serviceMessages : snapshot.serviceMessages,
        unread: unreadNow(),
      };
    }
    looks += 1;
    previous = snapshot;
    return snapshot;
  };
}

async function readDeployment(aws: AwsPort, id: string) {
  const { deploymentInfo } = await aws.getDeployment({ deploymentId: id });
  return deploymentView(id, deploymentInfo);
}

/** The target, or undefined as long as the deployment hasn't started. */
async function readTarget(aws: AwsPort, input: WatchInput): Promise<TargetView | undefined> {
  try {
    const { deploymentTarget } = await aws.getDeploymentTarget({
      deploymentId: input.deploymentId,
      targetId: `${input.cluster}:${input.service}`,
    });
    return deploymentTarget?.ecsTarget && targetView(deploymentTarget.ecsTarget);
  } catch (error) {
    const type = errorType(error);
    if (type === "DeploymentNotStartedException" || type === "DeploymentTargetDoesNotExistException") return undefined;
    throw error;
  }
}

function newestStamp(stamps: readonly (number | undefined)[], target: TargetView | undefined): number {
  const ofEvents = (target?.events ?? []).flatMap((event) => [event.startedAt, event.endedAt]);
  return Math.max(0, ...[...stamps, ...ofEvents].filter((stamp) => stamp !== undefined));
}
