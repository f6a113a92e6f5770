import type { AwsPort } from "./aws-port";
import type { Clock } from "./clock";
import type { ReleaseEvent } from "./events";
import { hadNoEffect, errorType, explain, isRetryable } from "./failure";

/** Result of one StopDeployment. */
type StopResult =
  | { readonly type: "accepted" }
  /** The deployment was already over; the watch will see how it ended. */
  | { readonly type: "already-over" }
  /** It may succeed when it is repeated. */
  | { readonly type: "again"; readonly message: string }
  /** CodeDeploy refused. */
  | { readonly type: "refused"; readonly message: string };

/** Sends StopDeployment with rollback once. Never throws. */
async function stopDeployment(aws: AwsPort, deploymentId: string): Promise<StopResult> {
  try {
    await aws.stopDeployment({ deploymentId, autoRollbackEnabled: true });
    return { type: "accepted" };
  } catch (error) {
    const type = errorType(error);
    if (type === "DeploymentAlreadyCompletedException") return { type: "already-over" };
    const failure = explain(error);
    const message = `${failure.type}: ${failure.message}`;
    // CreateDeployment returned this id. When it is unknown, some of AWS's servers don't know it yet.
    const isFinal = hadNoEffect(error) && !isRetryable(failure) && failure.type !== "DeploymentDoesNotExistException";
    return { type: isFinal ? "refused" : "again", message };
  }
}

/** Dependencies of `stopOnRequest`. */
export interface StopDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  /** Aborts when a person interrupts the release. */
  readonly stop: AbortSignal;
  readonly emit: (event: ReleaseEvent) => void;
  /** What a person can do meanwhile. */
  readonly hint?: string;
}

/** Handle of `stopOnRequest`. */
export interface Stopper {
  /**
   * Whether a StopDeployment of this run may have ended the deployment: one was sent, with or without a response. False
   * when the response to the first one was that the deployment was already over.
   */
  readonly mayHaveStopped: () => boolean;
  /** No StopDeployment is sent from now on. */
  readonly cancel: () => void;
}

/**
 * Sends StopDeployment as soon as `stop` aborts, without waiting for the poll that is under way, and repeats it until the
 * response is clear. The effect shows in the deployment's state.
 *
 * @param retryMs wait between two tries, in milliseconds
 */
export function stopOnRequest(deps: StopDeps, deploymentId: string, retryMs: number): Stopper {
  const { aws, clock, stop, emit, hint = "Ctrl-C again leaves at once" } = deps;
  let mayHaveStopped = false;
  let cancelled = false;
  const send = async () => {
    // Two events: a narrow terminal would cut the end of one long line.
    emit({ type: "progress", text: `stopping ${deploymentId} and rolling it back` });
    emit({ type: "progress", text: hint });
    for (let attempt = 1; !cancelled; attempt += 1) {
      mayHaveStopped = true;
      const result = await stopDeployment(aws, deploymentId);
      switch (result.type) {
        case "accepted":
          return;
        case "already-over":
          // After a lost response, the earlier request may have ended the deployment.
          mayHaveStopped = attempt > 1;
          return;
        case "again":
          emit({ type: "warning", text: `could not stop it, trying again: ${result.message}` });
          await clock.sleep(retryMs);
          break;
        case "refused":
          emit({ type: "warning", text: `could not stop it: ${result.message}` });
          emit({ type: "progress", text: "the deployment continues and is still watched; Ctrl-C again leaves" });
          return;
      }
    }
  };
  const listener = () => void send();
  if (stop.aborted) listener();
  else stop.addEventListener("abort", listener, { once: true });
  return {
    mayHaveStopped: () => mayHaveStopped,
    cancel: () => {
      cancelled = true;
      stop.removeEventListener("abort", listener);
    },
  };
}
