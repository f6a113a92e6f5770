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

/** While the new tasks start, every how many looks the stopped ones are asked for. */
const MISHAPS_EVERY = 3;

/** What is looked at. */
export interface LookInput {
  /** The deployment; every answer about it is held against this. */
  readonly deployment: ExpectedDeployment;
  readonly cluster: string;
  readonly service: string;
  /** Alarms of the deployment group; none are read when empty. */
  readonly alarmNames: readonly string[];
}

/** What one look leaves for the next: a look that is given up leaves nothing. */
export interface Memory {
  readonly previous?: Snapshot;
  readonly looks: number;
  /** AWS's newest time stamp, and when it was first seen by this machine's clock. */
  readonly anchor: { readonly stamp: number; readonly seenAt: number };
  readonly ended?: { readonly at: number; readonly looks: number };
  /** Alarms that were seen firing, by name. */
  readonly activated: ReadonlyMap<string, AlarmView>;
  /** Why a part could not be read when it was last asked for. */
  readonly unread: ReadonlyMap<Part, string>;
}

/** Before the first look. */
export const NO_MEMORY: Memory = {
  looks: 0,
  anchor: { stamp: 0, seenAt: 0 },
  activated: new Map(),
  unread: new Map(),
};

/**
 * Takes one look. Only the deployment's own state and its rollback's are essential, for they alone decide the outcome;
 * any other part that can't be read is shown as it was before.
 *
 * @throws what GetDeployment throws, and UnreadableAnswer or MismatchedAnswer for an answer that decides nothing
 */
export async function takeLook(
  { aws, clock }: { readonly aws: AwsPort; readonly clock: Clock },
  input: LookInput,
  memory: Memory,
): Promise<{ readonly snapshot: Snapshot; readonly memory: Memory }> {
  const { previous, looks } = memory;
  const unread = new Map(memory.unread);
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
  const unreadNow = () => [...unread].map(([part, why]) => ({ part, why }));

  const [deployment, before, alarms] = await Promise.all([
    readDeployment(aws, input.deployment),
    orBefore("steps", readTarget(aws, input), previous?.target),
    orBefore("alarms", readAlarms(aws, input.alarmNames), previous?.alarms ?? []),
  ]);
  const rollback =
    deployment.rollbackId === undefined
      ? undefined
      : await readDeployment(aws, rollbackOf(input.deployment, deployment.rollbackId, deployment.createdAt));
  // Where a rollback has brought the traffic shows only after it: what was read above may be from before its end.
  const target =
    rollback && isEnded(rollback.status) ? await orBefore("steps", readTarget(aws, input), before) : before;

  const activated = new Map(memory.activated);
  for (const alarm of alarms) if (alarm.state === "ALARM") activated.set(alarm.name, alarm);
  const now = clock.now();
  const stamp = newestStamp([deployment.createdAt, deployment.completedAt, rollback?.createdAt], target);
  const anchor = stamp > memory.anchor.stamp ? { stamp, seenAt: now } : memory.anchor;
  const endedBadly = isEnded(deployment.status) && deployment.status !== "Succeeded";
  const justEnded = endedBadly && memory.ended === undefined;
  const ended = endedBadly ? { at: memory.ended?.at ?? now, looks: (memory.ended?.looks ?? -1) + 1 } : memory.ended;

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
  const next = { previous: snapshot, looks: looks + 1, anchor, activated, unread, ...(ended && { ended }) };
  return { snapshot, memory: next };
}

/** The rollback that a deployment names: in the same group, of this very deployment, and made after it. */
function rollbackOf(
  { application, group, id }: ExpectedDeployment,
  rollbackId: string,
  notBefore: number | undefined,
): ExpectedDeployment {
  return { id: rollbackId, application, group, rollbackOf: id, notBefore };
}

async function readDeployment(aws: AwsPort, wanted: ExpectedDeployment): Promise<DeploymentView> {
  const { deploymentInfo } = await aws.getDeployment({ deploymentId: wanted.id });
  return readable("GetDeployment", () =>
    deploymentView(wanted.id, requireExpected("GetDeployment", wanted, deploymentInfo)),
  );
}

/** The target, or undefined as long as the deployment hasn't started. */
async function readTarget(aws: AwsPort, input: LookInput): Promise<TargetView | undefined> {
  try {
    const { deploymentTarget } = await aws.getDeploymentTarget({
      deploymentId: input.deployment.id,
      targetId: `${input.cluster}:${input.service}`,
    });
    const target = deploymentTarget?.ecsTarget;
    if (target === undefined) throw new UnreadableAnswer("GetDeploymentTarget answered without an ECS target");
    return readable("GetDeploymentTarget", () => targetView(target));
  } catch (error) {
    const type = errorType(error);
    if (type === "DeploymentNotStartedException" || type === "DeploymentTargetDoesNotExistException") return undefined;
    throw error;
  }
}

/** Reads an answer whose members may have any type: one that trips the reader can't be read. */
function readable<T>(operation: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
    throw new UnreadableAnswer(`${operation} answered nonsense: ${error.message}`);
  }
}

function newestStamp(stamps: readonly (number | undefined)[], target: TargetView | undefined): number {
  const ofEvents = (target?.events ?? []).flatMap((event) => [event.startedAt, event.endedAt]);
  return Math.max(0, ...[...stamps, ...ofEvents].filter((stamp) => stamp !== undefined));
}
