import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import { minutesOrDefault, waitsOf } from "./time-limit";
import { isEnded, type DeploymentView, type Snapshot } from "./snapshot";

/** A deployment that waits for a person's word before any production traffic moves. Times: milliseconds since the epoch. */
export interface ReadyWait {
  /** The deployment that waits: the watched one, or its rollback. */
  readonly deploymentId: string;
  /** When the wait began, by AWS's clock; absent: not known. */
  readonly since?: number;
  /** When CodeDeploy stops it; absent: not known. */
  readonly until?: number;
}

/**
 * The wait that a snapshot shows: status `Ready`, which CodeDeploy has when its group's `deploymentReadyOption` is
 * STOP_DEPLOYMENT (API reference, DeploymentReadyOption). It begins with the end of the last step. Pure.
 */
export function readyWaitOf(snapshot: Snapshot): ReadyWait | undefined {
  const { deployment, rollback, target } = snapshot;
  if (rollback?.status === "Ready") return { deploymentId: rollback.id };
  if (deployment.status !== "Ready") return undefined;
  const ends = (target?.events ?? []).flatMap(({ endedAt }) => endedAt ?? []);
  const since = ends.length === 0 ? undefined : Math.max(...ends);
  const { readyWaitMinutes } = deployment;
  return {
    deploymentId: deployment.id,
    ...(since !== undefined && { since }),
    ...(since !== undefined && readyWaitMinutes !== undefined && { until: since + readyWaitMinutes * 60_000 }),
  };
}

/** What becomes of it when nobody says anything: documented is only that it is Stopped. */
export const UNLESS_CONTINUED = "CodeDeploy stops it, and no production traffic has moved";

/** `2026-01-02 03:04:05 UTC`. */
export function clockTime(at: number): string {
  return new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
}

/**
 * What a group says of such a wait, before a release: nothing where it asks for none. Pure.
 *
 * @param goOn the command that continues a deployment
 */
export function readyWaitWarnings(
  group: DeploymentGroupInfo,
  goOn: (deploymentId: string) => string,
): readonly string[] {
  const { readyWaitMinutes } = waitsOf(group);
  if (readyWaitMinutes === undefined) return [];
  const length = Number.isNaN(readyWaitMinutes)
    ? "for a time that AWS doesn't tell"
    : `for ${minutesOrDefault(readyWaitMinutes)} minutes`;
  return [
    `this deployment will wait for a person, ${length}: after the new version is installed and tested, before any ` +
      `production traffic moves. Then ${UNLESS_CONTINUED}, unless somebody lets it go on with: ${goOn("d-…")}`,
  ];
}

/** Why a deployment that is not `Ready` can't be told to go on. Pure. */
export function notWaiting({ id, status }: DeploymentView, isEndingOld: boolean, attach: string) {
  const where = `deployment ${id}, ${status}`;
  if (isEnded(status)) return { what: `${id} is over: ${status}`, where, next: "start a new release: npm run release" };
  if (isEndingOld) {
    return {
      what: `${id} waits for nobody: it has moved all traffic, and keeps the old version for the group's wait`,
      where,
      next:
        `follow it with: ${attach}; to end the old version sooner, and with it the way back: ` +
        `aws deploy continue-deployment --deployment-id ${id} --deployment-wait-type TERMINATION_WAIT`,
    };
  }
  return { what: `${id} does not wait for a person`, where, next: `follow it with: ${attach}` };
}
