import { EXIT_CODES } from "../command/exit-codes";
import { ALARM_ACTIVE } from "./alarm-cause";
import { eventStatus, isEnded, isUnread, type DeploymentView, type Snapshot } from "./snapshot";

/** Outcome of a run of the release command. */
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
 * How long the watch waits for CodeDeploy to name the rollback after a deployment ended: at least this number of
 * milliseconds and of polls. After a shorter wait, a rollback that starts late would be reported as missing.
 */
export const ROLLBACK_NAMING = { ms: 15_000, polls: 3 } as const;

/**
 * How the deployment ended; undefined while it isn't over. Pure.
 *
 * - Only `Succeeded` of the watched deployment itself is a release. A rollback that succeeds is a rollback.
 * - The status of lifecycle events doesn't count: after an alarm they are `Skipped`, not failed.
 * - A failed or stopped deployment is over only when its rollback is.
 *
 * @param stopSent whether this run sent StopDeployment while the deployment was not known to be over, with or without a
 *   response (stop.ts)
 */
export function verdictOf(snapshot: Snapshot, stopSent: boolean): ReleaseVerdict | undefined {
  const { deployment, rollback } = snapshot;
  const stopped = stopSent && isStoppedByHand(deployment);
  if (!isEnded(deployment.status)) return undefined;
  if (deployment.status === "Succeeded") {
    return { outcome: deployment.rollbackOf === undefined ? "released" : "rolled-back" };
  }
  // The watched deployment is a rollback that failed. CodeDeploy doesn't roll back a rollback.
  if (deployment.rollbackOf !== undefined) return { outcome: "failed", because: "rollback-failed" };

  if (deployment.rollbackId === undefined) {
    const { ms, polls } = snapshot.sinceEnded;
    if (ms < ROLLBACK_NAMING.ms || polls < ROLLBACK_NAMING.polls) return undefined;
    return stopped && !hasInstallStarted(snapshot)
      ? { outcome: "interrupted", because: "nothing-started" }
      : { outcome: "failed", because: "no-rollback" };
  }
  if (rollback?.id !== deployment.rollbackId || !isEnded(rollback.status)) return undefined;
  if (rollback.status !== "Succeeded") return { outcome: "failed", because: "rollback-failed" };
  return stopped ? { outcome: "interrupted", because: "rolled-back" } : { outcome: "rolled-back" };
}

/**
 * Whether a person's stop ended the deployment. An alarm or a failure of the deployment may have been faster. Codes:
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html
 */
function isStoppedByHand({ status, error }: DeploymentView): boolean {
  return error?.code === "MANUAL_STOP" || (status === "Stopped" && error?.code !== ALARM_ACTIVE);
}

/** Whether anything may have been installed. True when the steps could not be read. */
export function hasInstallStarted(snapshot: Snapshot): boolean {
  if (isUnread(snapshot, "steps")) return true;
  // Without a target no step has begun. Steps without Install prove nothing, so they count as started.
  if (!snapshot.target) return false;
  const install = eventStatus(snapshot, "Install");
  return install !== "Pending" && install !== "Skipped";
}
