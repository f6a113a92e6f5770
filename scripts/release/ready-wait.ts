import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import { minutesOrDefault, waitsOf } from "./time-limit";
import { isEnded, type DeploymentView, type Snapshot } from "./snapshot";

/** A deployment that waits for a person before production traffic moves. Times: milliseconds since the Unix epoch. */
export interface ReadyWait {
  /** The deployment that waits: the watched one, or its rollback. */
  readonly deploymentId: string;
  /** When the wait began, by AWS's clock; absent when not known. */
  readonly since?: number;
  /** When CodeDeploy stops the deployment; absent when not known. */
  readonly until?: number;
}

/**
 * The wait of a deployment with status `Ready`; undefined without one. A deployment waits when the `deploymentReadyOption`
 * of its group is STOP_DEPLOYMENT. The wait begins when the last step ends. Pure.
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentReadyOption.html
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

/** What happens when nobody continues the deployment. AWS documents only the status: Stopped. */
export const UNLESS_CONTINUED = "CodeDeploy stops it, and no production traffic has moved";

/** The time as `2026-01-02 03:04:05 UTC`. */
export function clockTime(at: number): string {
  return new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
}

/**
 * A warning before a release whose group makes the deployment wait for a person. Pure.
 *
 * @param continueCommand returns the command that continues a deployment
 */
export function readyWaitWarnings(
  group: DeploymentGroupInfo,
  continueCommand: (deploymentId: string) => string,
): readonly string[] {
  const { readyWaitMinutes } = waitsOf(group);
  if (readyWaitMinutes === undefined) return [];
  const length = Number.isNaN(readyWaitMinutes)
    ? "for an unknown time"
    : `for ${minutesOrDefault(readyWaitMinutes)} minutes`;
  return [
    `this deployment will wait for a person, ${length}: after the new version is installed and tested, before any ` +
      `production traffic moves. Then ${UNLESS_CONTINUED}, unless somebody continues it with: ${continueCommand("d-…")}`,
  ];
}

/**
 * A warning about a group that keeps the old version after a release. AWS documents this for EC2 only, and refuses it for a
 * group of an ECS service (https://github.com/hashicorp/terraform-provider-aws/issues/23995). Pure.
 */
export function keepAliveWarnings(group: DeploymentGroupInfo): readonly string[] {
  const { action } = group.blueGreenDeploymentConfiguration?.terminateBlueInstancesOnDeploymentSuccess ?? {};
  if (action !== "KEEP_ALIVE") return [];
  return [
    "the group keeps the old version after a release (KEEP_ALIVE), which AWS documents for EC2 only: expect that its tasks " +
      "go on running beside the new ones, and that an alarm can't bring it back once all traffic has moved",
  ];
}

/** The problem when a deployment that is not `Ready` should be continued. Pure. */
export function notWaiting({ id, status }: DeploymentView, isEndingOld: boolean, attach: string) {
  const where = `deployment ${id}, ${status}`;
  if (isEnded(status)) return { what: `${id} is over: ${status}`, where, next: "start a new release: npm run release" };
  if (isEndingOld) {
    return {
      what: `${id} does not wait for a person: all traffic has moved, and the old version is kept for the termination wait`,
      where,
      next:
        `follow it with: ${attach}; to end the old version sooner, after which no rollback is possible: ` +
        `aws deploy continue-deployment --deployment-id ${id} --deployment-wait-type TERMINATION_WAIT`,
    };
  }
  return { what: `${id} does not wait for a person`, where, next: `follow it with: ${attach}` };
}
