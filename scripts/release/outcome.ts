import { EXIT_CODES } from "../command/exit-codes";
import { ALARM_ACTIVE } from "./alarm-cause";
import { eventStatus, isEnded, isUnread, type DeploymentView, type Snapshot } from "./snapshot";

/** How a run of the release command ends. */
export type Outcome = "released" | "checked" | "rolled-back" | "failed" | "refused" | "lost-sight" | "interrupted";

/** The exit code of an outcome. A dry run whose checks passed (`checked`) has that of a release that succeeded. Pure. */
export function exitCodeOf(outcome: Outcome): number {
  return EXIT_CODES.release[outcome === "checked" ? "released" : outcome].code;
}

/** How a deployment ended. */
export type ReleaseVerdict =
  | { readonly outcome: "released" }
  | { readonly outcome: "rolled-back" }
  | { readonly outcome: "failed"; readonly because: "no-rollback" | "rollback-failed" }
  | { readonly outcome: "interrupted"; readonly because: "rolled-back" | "nothing-started" };

/**
 * How long CodeDeploy is given to name the rollback after a deployment ended: both this many milliseconds and looks. It
 * takes it a moment; too short a wait would call a rollback that comes "no rollback".
 */
export const ROLLBACK_NAMING = { ms: 15_000, looks: 3 } as const;

/**
 * Is this deployment over, and how? Undefined while it isn't. Pure.
 *
 * - Only `Succeeded` of the watched deployment itself is a release; a rollback that succeeds is a rollback.
 * - Events are never asked for success: what an alarm leaves behind is `Skipped`.
 * - A failed or stopped deployment isn't over before its rollback is.
 *
 * @param stopAsked StopDeployment was sent by this run, and the deployment was not known to be over before; whether its
 *   answer came doesn't count (stop.ts)
 */
export function verdictOf(snapshot: Snapshot, stopAsked: boolean): ReleaseVerdict | undefined {
  const { deployment, rollback } = snapshot;
  const stopped = stopAsked && isStoppedByHand(deployment);
  if (!isEnded(deployment.status)) return undefined;
  if (deployment.status === "Succeeded") {
    return { outcome: deployment.rollbackOf === undefined ? "released" : "rolled-back" };
  }
  // The watched deployment is itself a rollback, and it failed: CodeDeploy doesn't roll that back again.
  if (deployment.rollbackOf !== undefined) return { outcome: "failed", because: "rollback-failed" };

  if (deployment.rollbackId === undefined) {
    const { ms, looks } = snapshot.sinceEnded;
    if (ms < ROLLBACK_NAMING.ms || looks < ROLLBACK_NAMING.looks) return undefined;
    return stopped && !hasInstallStarted(snapshot)
      ? { outcome: "interrupted", because: "nothing-started" }
      : { outcome: "failed", because: "no-rollback" };
  }
  if (rollback?.id !== deployment.rollbackId || !isEnded(rollback.status)) return undefined;
  if (rollback.status !== "Succeeded") return { outcome: "failed", because: "rollback-failed" };
  return stopped ? { outcome: "interrupted", because: "rolled-back" } : { outcome: "rolled-back" };
}

/**
 * Whether a person's stop ended it. An alarm may have been faster, and so may a failure of the deployment's own; then
 * CodeDeploy decided, not the person at the keyboard. The codes:
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html
 */
function isStoppedByHand({ status, error }: DeploymentView): boolean {
  return error?.code === "MANUAL_STOP" || (status === "Stopped" && error?.code !== ALARM_ACTIVE);
}

/** Whether anything was installed (or might have been, when the steps could not be read): if not, all is as it was. */
export function hasInstallStarted(snapshot: Snapshot): boolean {
  if (isUnread(snapshot, "steps")) return true;
  // Without a target nothing has begun. Steps that don't tell of Install prove nothing.
  if (!snapshot.target) return false;
  const install = eventStatus(snapshot, "Install");
  return install !== "Pending" && install !== "Skipped";
}
