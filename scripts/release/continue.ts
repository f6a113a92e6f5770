import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { ReleaseDeps } from "./deps";
import type { ReleaseReport } from "./events";
import { hadNoEffect, errorType, explain, isRetryable } from "./failure";
import { problemOf } from "./problem";
import { notWaiting } from "./ready-wait";
import { refusal, reportOf } from "./report";
import { deploymentView } from "./snapshot";

const MAX_TRIES = 5;
/** Wait between two tries, in milliseconds. */
const RETRY_MS = 2_000;

/**
 * Continues a deployment that waits for a person.
 *
 * When the response is not known, the deployment's status shows whether it was continued: it is `Ready` only while it
 * waits.
 *
 * @param found the deployment, which belongs to the environment's group
 * @param attach the command that follows it
 * @returns a report when the deployment was not continued; undefined when it continues and must be followed
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
  let mayBeContinued = false;
  for (let attempt = 1; ; attempt += 1) {
    if (interruption.stop.aborted && !mayBeContinued) {
      return reportOf("interrupted", `interrupted: ${id} was not continued and still waits`, {
        deploymentId: id,
      });
    }
    try {
      await aws.continueDeployment({ deploymentId: id, deploymentWaitType: "READY_WAIT" });
      emit({ type: "progress", text: `continued ${id}: CodeDeploy moves the production traffic now` });
      return undefined;
    } catch (error) {
      const type = errorType(error);
      if (type === "DeploymentIsNotInReadyStateException" || type === "DeploymentAlreadyCompletedException") {
        emit({ type: "warning", text: `${id} no longer waits: it was continued or stopped a moment ago` });
        return undefined;
      }
      const failure = explain(error);
      mayBeContinued ||= !hadNoEffect(error);
      if (!isRetryable(failure) || attempt === MAX_TRIES || interruption.stop.aborted) {
        if (!mayBeContinued) return refusal([problemOf("codedeploy:ContinueDeployment", error)]);
        emit({
          type: "warning",
          text: `CodeDeploy's answer is not known (${failure.message}): the deployment's status will show whether it continues`,
        });
        return undefined;
      }
      emit({ type: "warning", text: `could not continue it (${failure.type}: ${failure.message}), trying again` });
      await clock.sleep(RETRY_MS, interruption.stop);
    }
  }
}
