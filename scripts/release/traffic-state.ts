import { eventStatus, isUnread, weightsOf, type Snapshot, type TaskSetView, type Weights } from "./snapshot";

/**
 * Where the production traffic is when a deployment is over, in words. Each sentence claims what the last look saw, and
 * no more. All pure.
 */

/** Weights of the last look; undefined: not seen, or only before the steps could no longer be read. */
function weightsSeen(snapshot: Snapshot): Weights | undefined {
  return isUnread(snapshot, "steps") ? undefined : weightsOf(snapshot.target);
}

/** `90 % old version, 10 % new version`. */
export function weightsInWords({ old, new: fresh }: Weights): string {
  return `${old} % old version, ${fresh} % new version`;
}

function taskSet({ target }: Snapshot, label: TaskSetView["label"]): TaskSetView | undefined {
  return target?.taskSets.find((set) => set.label === label);
}

/** Whether the last look saw that no task of this task set runs. */
export function servesNothing(snapshot: Snapshot, label: TaskSetView["label"]): boolean {
  return !isUnread(snapshot, "steps") && taskSet(snapshot, label)?.running === 0;
}

/** All of it is on the old version, as the weights show, or the steps when the weights don't tell. */
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
    // The steps of a rollback tell nothing of the deployment that it rolls back.
    snapshot.deployment.rollbackOf === undefined
  );
}

/** After a rollback that succeeded. */
export function afterRollback(snapshot: Snapshot): string {
  if (isAllOnOld(snapshot)) {
    return servesNothing(snapshot, "Blue")
      ? "the old version has all traffic, and none of its tasks runs: nothing serves"
      : "the old version has all traffic";
  }
  return `look at the listeners now: CodeDeploy says that the rollback succeeded, and ${lastSeen(snapshot)}`;
}

/** After a rollback that failed. */
export function afterFailedRollback(snapshot: Snapshot): string {
  if (hasNeverMoved(snapshot)) return `production traffic never moved; ${LEFT}`;
  return snapshot.deployment.rollbackOf === undefined && isAllOnOld(snapshot)
    ? `the old version has all traffic; ${LEFT}`
    : `look at the listeners and task sets now: traffic may be split between the versions; ${lastSeen(snapshot)}`;
}

/** After a deployment that installed something and was not rolled back. */
export function afterNoRollback(snapshot: Snapshot): string {
  if (hasNeverMoved(snapshot)) return `production traffic never moved; ${LEFT}`;
  const weights = weightsSeen(snapshot);
  if (weights?.new === 0 && weights.old === 100) return `the old version has all traffic again; ${LEFT}`;
  return weights && weights.new > 0
    ? `look at the listeners and task sets now: ${weights.new} % of the production traffic is on the new version`
    : `look at the listeners and task sets now: traffic may be on the new version; ${lastSeen(snapshot)}`;
}

const LEFT = "the new task set may still be there";

function lastSeen(snapshot: Snapshot): string {
  const weights = weightsOf(snapshot.target);
  if (!weights) return "where the traffic goes was not seen";
  return `the traffic was last seen as ${weightsInWords(weights)}`;
}
