import { eventStatus, isUnread, weightsOf, type Snapshot, type TaskSetView, type Weights } from "./snapshot";

/**
 * Sentences about where the production traffic is when a deployment is over. Each states only what the last poll has seen.
 * All pure.
 */

/** Weights of the last poll; undefined when it couldn't read them. */
function weightsSeen(snapshot: Snapshot): Weights | undefined {
  return isUnread(snapshot, "steps") ? undefined : weightsOf(snapshot.target);
}

/** The weights as `90 % old version, 10 % new version`. */
export function weightsInWords({ old, new: updated }: Weights): string {
  return `${old} % old version, ${updated} % new version`;
}

function taskSet({ target }: Snapshot, label: TaskSetView["label"]): TaskSetView | undefined {
  return target?.taskSets.find((set) => set.label === label);
}

/** Whether the last poll saw that no task of this task set runs. */
export function servesNothing(snapshot: Snapshot, label: TaskSetView["label"]): boolean {
  return !isUnread(snapshot, "steps") && taskSet(snapshot, label)?.running === 0;
}

/** Whether all traffic is on the old version, according to the weights or, without weights, to the steps. */
function isAllOnOld(snapshot: Snapshot): boolean {
  const weights = weightsSeen(snapshot);
  return weights ? weights.old === 100 && weights.new === 0 : hasNeverMoved(snapshot);
}

/** Whether the steps and the weights show that production traffic never reached the new version. */
function hasNeverMoved(snapshot: Snapshot): boolean {
  const shift = eventStatus(snapshot, "AllowTraffic");
  return (
    !isUnread(snapshot, "steps") &&
    (weightsOf(snapshot.target)?.new ?? 0) === 0 &&
    (shift === "Skipped" || shift === "Pending") &&
    // The steps of a rollback show nothing about the deployment that it rolls back.
    snapshot.deployment.rollbackOf === undefined
  );
}

/** Sentence after a rollback that succeeded. */
export function afterRollback(snapshot: Snapshot): string {
  if (isAllOnOld(snapshot)) {
    return servesNothing(snapshot, "Blue")
      ? "the old version has all traffic, and none of its tasks runs: no request is answered"
      : "the old version has all traffic";
  }
  return `check the listeners now: CodeDeploy reports that the rollback succeeded, but ${lastSeen(snapshot)}`;
}

/** Sentence after a rollback that failed. */
export function afterFailedRollback(snapshot: Snapshot): string {
  if (hasNeverMoved(snapshot)) return `production traffic never moved; ${TASK_SET_LEFT}`;
  return snapshot.deployment.rollbackOf === undefined && isAllOnOld(snapshot)
    ? `the old version has all traffic; ${TASK_SET_LEFT}`
    : `check the listeners and task sets now: traffic may be split between the versions; ${lastSeen(snapshot)}`;
}

/** Sentence after a deployment that installed something and was not rolled back. */
export function afterNoRollback(snapshot: Snapshot): string {
  if (hasNeverMoved(snapshot)) return `production traffic never moved; ${TASK_SET_LEFT}`;
  const weights = weightsSeen(snapshot);
  if (weights?.new === 0 && weights.old === 100) return `the old version has all traffic again; ${TASK_SET_LEFT}`;
  return weights && weights.new > 0
    ? `check the listeners and task sets now: ${weights.new} % of the production traffic is on the new version`
    : `check the listeners and task sets now: traffic may be on the new version; ${lastSeen(snapshot)}`;
}

const TASK_SET_LEFT = "the new task set may still be there";

function lastSeen(snapshot: Snapshot): string {
  const weights = weightsOf(snapshot.target);
  if (!weights) return "where the traffic goes was not seen";
  return `the traffic was last seen as ${weightsInWords(weights)}`;
}
