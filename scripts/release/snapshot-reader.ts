import { UnreadableAnswer } from "../command/aws-answers";
import { readAlarms } from "./alarms";
import type { AwsPort } from "./aws-port";
import type { Clock } from "./clock";
import { errorType, explain } from "./failure";
import { requireExpected, type ExpectedDeployment } from "./identity";
import { readServiceMessages, readStoppedTasks } from "./service-diagnostics";
import {
  deploymentView,
  eventStatus,
  isEnded,
  targetView,
  type AlarmView,
  type DeploymentView,
  type Part,
  type Snapshot,
  type TargetView,
} from "./snapshot";

/** While the new tasks start, every third poll also reads the stopped tasks and ECS's messages. */
const DIAGNOSTICS_EVERY = 3;

/** The deployment to read, and what belongs to it. */
export interface SnapshotInput {
  /** Every response about the deployment is compared with this. */
  readonly deployment: ExpectedDeployment;
  readonly cluster: string;
  readonly service: string;
  /** Alarms that the deployment watches; none are read when empty. */
  readonly alarmNames: readonly string[];
}

/** What one poll keeps for the next. */
export interface PollHistory {
  readonly previous?: Snapshot;
  /** Number of polls that gave a snapshot. */
  readonly polls: number;
  /** The newest time stamp of AWS, and when it was first seen by this machine's clock. Milliseconds. */
  readonly newestStamp: { readonly stamp: number; readonly seenAt: number };
  /** The first poll that saw the deployment ended without success, and the number of polls since. */
  readonly ended?: { readonly at: number; readonly polls: number };
  /** Alarms that were seen in ALARM, by name. */
  readonly activated: ReadonlyMap<string, AlarmView>;
  /** Why a part could not be read at the last attempt. */
  readonly unread: ReadonlyMap<Part, string>;
}

/** The history before the first poll. */
export const EMPTY_HISTORY: PollHistory = {
  polls: 0,
  newestStamp: { stamp: 0, seenAt: 0 },
  activated: new Map(),
  unread: new Map(),
};

/**
 * Reads one snapshot. Use a new reader for each poll: it changes nothing in the history that it is given, so a poll whose
 * result is discarded has no effect on the next.
 *
 * Only the states of the deployment and of its rollback are required, because they alone decide the outcome. Any other
 * part that can't be read keeps its value of the previous snapshot.
 */
export class SnapshotReader {
  private readonly unread: Map<Part, string>;

  constructor(
    private readonly deps: { readonly aws: AwsPort; readonly clock: Clock },
    private readonly input: SnapshotInput,
    private readonly history: PollHistory,
  ) {
    this.unread = new Map(history.unread);
  }

  /**
   * The snapshot, and the history for the next poll. Call it once.
   *
   * @throws what GetDeployment throws, and UnreadableAnswer or MismatchedAnswer for a response without the required states
   */
  async read(): Promise<{ readonly snapshot: Snapshot; readonly history: PollHistory }> {
    const { previous } = this.history;
    const [deployment, targetBefore, alarms] = await Promise.all([
      this.readDeployment(this.input.deployment),
      this.readOrKeep("steps", this.readTarget(), previous?.target),
      this.readOrKeep("alarms", readAlarms(this.deps.aws, this.input.alarmNames), previous?.alarms ?? []),
    ]);
    const rollback = await this.readRollback(deployment);
    // The first read of the target may be older than the end of the rollback: read again where the traffic is now.
    const target =
      rollback && isEnded(rollback.status)
        ? await this.readOrKeep("steps", this.readTarget(), targetBefore)
        : targetBefore;

    const now = this.deps.clock.now();
    const stamps = [deployment.createdAt, deployment.completedAt, rollback?.createdAt];
    const newestStamp = this.newestStampAt(now, stamps, target);
    const ended = this.endedAt(now, deployment);
    const activated = new Map(this.history.activated);
    for (const alarm of alarms) if (alarm.state === "ALARM") activated.set(alarm.name, alarm);
    const snapshot = await this.withDiagnostics(
      {
        at: now,
        awsTime: Math.max(now, newestStamp.stamp + now - newestStamp.seenAt),
        deployment,
        ...(target && { target }),
        ...(rollback && { rollback }),
        alarms,
        activatedAlarms: [...activated.values()],
        stoppedTasks: previous?.stoppedTasks ?? [],
        serviceMessages: previous?.serviceMessages ?? [],
        sinceEnded: ended ? { polls: ended.polls, ms: now - ended.at } : { polls: 0, ms: 0 },
      },
      ended !== undefined && this.history.ended === undefined,
    );
    const polls = this.history.polls + 1;
    return {
      snapshot,
      history: { previous: snapshot, polls, newestStamp, activated, unread: this.unread, ...(ended && { ended }) },
    };
  }

  /** The value, or `before` when it can't be read; then `unread` has the reason. Never throws. */
  private async readOrKeep<T>(part: Part, read: Promise<T>, before: T): Promise<T> {
    try {
      const value = await read;
      this.unread.delete(part);
      return value;
    } catch (error) {
      const failure = explain(error);
      this.unread.set(part, `${failure.type}: ${failure.message}`);
      return before;
    }
  }

  private async readDeployment(expected: ExpectedDeployment): Promise<DeploymentView> {
    const { deploymentInfo } = await this.deps.aws.getDeployment({ deploymentId: expected.id });
    return readable("GetDeployment", () =>
      deploymentView(expected.id, requireExpected("GetDeployment", expected, deploymentInfo)),
    );
  }

  /** The rollback that the deployment names: in the same group, of this deployment, and created after it. */
  private async readRollback({ rollbackId, createdAt }: DeploymentView): Promise<DeploymentView | undefined> {
    if (rollbackId === undefined) return undefined;
    const { application, group, id } = this.input.deployment;
    return this.readDeployment({ id: rollbackId, application, group, rollbackOf: id, notBefore: createdAt });
  }

  /** The target; undefined until the deployment has started. */
  private async readTarget(): Promise<TargetView | undefined> {
    const { deployment, cluster, service } = this.input;
    try {
      const { deploymentTarget } = await this.deps.aws.getDeploymentTarget({
        deploymentId: deployment.id,
        targetId: `${cluster}:${service}`,
      });
      const target = deploymentTarget?.ecsTarget;
      if (target === undefined) throw new UnreadableAnswer("GetDeploymentTarget answered without an ECS target");
      return readable("GetDeploymentTarget", () => targetView(target));
    } catch (error) {
      const type = errorType(error);
      if (type === "DeploymentNotStartedException" || type === "DeploymentTargetDoesNotExistException") {
        return undefined;
      }
      throw error;
    }
  }

  /** The snapshot with stopped tasks and ECS's messages, which are read only when they can explain something. */
  private async withDiagnostics(partial: Omit<Snapshot, "unread">, hasJustEnded: boolean): Promise<Snapshot> {
    const snapshot = { ...partial, unread: this.unreadParts() };
    const isDue = this.history.polls % DIAGNOSTICS_EVERY === DIAGNOSTICS_EVERY - 1;
    const isInstalling = eventStatus(snapshot, "Install") === "InProgress";
    if (!hasJustEnded && !(isInstalling && isDue)) return snapshot;

    const { aws } = this.deps;
    const { at, deployment, target = this.history.previous?.target } = snapshot;
    const newTaskSet = target?.taskSets.find((set) => set.label === "Green")?.id;
    const [stoppedTasks, serviceMessages] = await Promise.all([
      this.readOrKeep("tasks", readStoppedTasks(aws, this.input, newTaskSet), snapshot.stoppedTasks),
      this.readOrKeep(
        "messages",
        readServiceMessages(aws, this.input, deployment.createdAt ?? at, newTaskSet),
        snapshot.serviceMessages,
      ),
    ]);
    return {
      ...snapshot,
      // An empty list doesn't replace what was seen: ECS forgets stopped tasks, and a deleted task set has no id.
      stoppedTasks: stoppedTasks.length > 0 ? stoppedTasks : snapshot.stoppedTasks,
      serviceMessages: serviceMessages.length > 0 ? serviceMessages : snapshot.serviceMessages,
      unread: this.unreadParts(),
    };
  }

  private unreadParts(): Snapshot["unread"] {
    return [...this.unread].map(([part, why]) => ({ part, why }));
  }

  private newestStampAt(
    now: number,
    stamps: readonly (number | undefined)[],
    target: TargetView | undefined,
  ): PollHistory["newestStamp"] {
    const ofEvents = (target?.events ?? []).flatMap((event) => [event.startedAt, event.endedAt]);
    const stamp = Math.max(0, ...[...stamps, ...ofEvents].filter((each) => each !== undefined));
    return stamp > this.history.newestStamp.stamp ? { stamp, seenAt: now } : this.history.newestStamp;
  }

  private endedAt(now: number, { status }: DeploymentView): PollHistory["ended"] {
    const { ended } = this.history;
    if (!isEnded(status) || status === "Succeeded") return ended;
    return ended ? { at: ended.at, polls: ended.polls + 1 } : { at: now, polls: 0 };
  }
}

/** Runs a reader whose TypeError or RangeError means that the response has members of a wrong type. */
function readable<T>(operation: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
    throw new UnreadableAnswer(`${operation} answered nonsense: ${error.message}`);
  }
}
