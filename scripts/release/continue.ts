import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { ReleaseDeps } from "./deps";
import type { ReleaseReport } from "./events";
import { hadNoEffect, errorType, explain, isRetryable } from "./failure";
import { problemOf } from "./problem";
import { notWaiting } from "./ready-wait";
import { refusal, reportOf } from "./report";
import { deploymentView } from "./snapshot";

/** How often it is told, and the time between; milliseconds. */
const TRIES = 5;
const RETRY_MS = 2_000;

/**
 * Tells a deployment that waits for a person to go on. Undefined: it goes on, and is to be followed.
 *
 * Whether an unanswered word was heard, its status tells: it is `Ready` only as long as it waits.
 *
 * @param found the deployment, held against the environment's group
 * @param attach the command that follows it
 */
export async function continueDeployment(
  { aws, clock, emit, interruption }: ReleaseDeps,
  found: DeploymentInfo,
  id: string,
  attach: string,
): Promise<ReleaseReport | undefined> {
  const seen = deploymentView(id, found);
  if (seen.status !== "Ready") {
    return refusal([notWaiting(seen, found.instanceTerminationWaitTimeStarted === true, attach)]);
  }
  let mayBeHeard = false;
  for (let attempt = 1; ; attempt += 1) {
    if (interruption.stop.aborted && !mayBeHeard) {
      return reportOf("interrupted", `interrupted: ${id} was not told to go on, and waits as before`, {
        deploymentId: id,
      });
    }
    try {
      await aws.continueDeployment({ deploymentId: id, deploymentWaitType: "READY_WAIT" });
      emit({ type: "progress", text: `told ${id} to go on: CodeDeploy moves the production traffic now` });
      return undefined;
    } catch (error) {
      const type = errorType(error);
      if (type === "DeploymentIsNotInReadyStateException" || type === "DeploymentAlreadyCompletedException") {
        emit({ type: "warning", text: `${id} waits no more: it was told to go on, or stopped, a moment before` });
        return undefined;
      }
      const failure = explain(error);
      mayBeHeard ||= !hadNoEffect(error);
      if (!isRetryable(failure) || attempt === TRIES || interruption.stop.aborted) {
        if (!mayBeHeard) return refusal([problemOf("codedeploy:ContinueDeployment", error)]);
        emit({ type: "warning", text: `CodeDeploy's answer is not known (${failure.message}): its status tells` });
        return undefined;
      }
      emit({ type: "warning", text: `could not tell it to go on (${failure.type}: ${failure.message}), trying again` });
      await clock.sleep(RETRY_MS, interruption.stop);
    }
  }
}
