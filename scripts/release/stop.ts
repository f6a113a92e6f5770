import type { AwsPort } from "./aws-port";
import type { Clock } from "./clock";
import type { ReleaseEvent } from "./events";
import { hadNoEffect, errorType, explain, isRetryable } from "./failure";

/** What came of one StopDeployment. */
type StopResult =
  | { readonly type: "accepted" }
  /** It was over already; how it ended is still to be seen. */
  | { readonly type: "already-over" }
  /** Worth another try. */
  | { readonly type: "again"; readonly message: string }
  /** CodeDeploy won't stop it, and says why. */
  | { readonly type: "refused"; readonly message: string };

/** Asks CodeDeploy once to stop the deployment and roll it back. Never throws. */
async function stopDeployment(aws: AwsPort, deploymentId: string): Promise<StopResult> {
  try {
    await aws.stopDeployment({ deploymentId, autoRollbackEnabled: true });
    return { type: "accepted" };
  } catch (error) {
    const type = errorType(error);
    if (type === "DeploymentAlreadyCompletedException") return { type: "already-over" };
    const failure = explain(error);
    const message = `${failure.type}: ${failure.message}`;
    // The id is ours: one that isn't known was just created, and isn't known everywhere yet.
    const isFinal = hadNoEffect(error) && !isRetryable(failure) && failure.type !== "DeploymentDoesNotExistException";
    return { type: isFinal ? "refused" : "again", message };
  }
}

/** What stopping lives on. */
export interface StopDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  /** Aborts when the person wants to stop. */
  readonly stop: AbortSignal;
  readonly emit: (event: ReleaseEvent) => void;
}

/** A stop that is sent when it is asked for. */
export interface Stopper {
  /**
   * Whether a stop of ours may have ended the deployment: one was sent, whatever became of its answer. Only when the
   * very first was answered with "already over" it was another's doing.
   */
  readonly mayHaveStopped: () => boolean;
  /** Sends no further one. */
  readonly cancel: () => void;
}

/**
 * Sends StopDeployment as soon as it is asked for, not after the look that happens to be under way, and again until its
 * answer is clear. What came of it, the deployment's own state tells.
 *
 * @param retryMs between two tries, milliseconds
 */
export function stopOnRequest(deps: StopDeps, deploymentId: string, retryMs: number): Stopper {
  const { aws, clock, stop, emit } = deps;
  let mayHaveStopped = false;
  let cancelled = false;
  const send = async () => {
    // Two lines, for in a narrow terminal the end of a long one is cut.
    emit({ type: "progress", text: `stopping ${deploymentId} and rolling it back` });
    emit({ type: "progress", text: "Ctrl-C again leaves at once" });
    for (let attempt = 1; !cancelled; attempt += 1) {
      mayHaveStopped = true;
      const result = await stopDeployment(aws, deploymentId);
      switch (result.type) {
        case "accepted":
          return;
        case "already-over":
          // When an earlier answer was lost, it was that request which ended it.
          mayHaveStopped = attempt > 1;
          return;
        case "again":
          emit({ type: "warning", text: `could not stop it, trying again: ${result.message}` });
          await clock.sleep(retryMs);
          break;
        case "refused":
          emit({ type: "warning", text: `could not stop it: ${result.message}` });
          emit({ type: "progress", text: "it goes on and is watched on; Ctrl-C again leaves" });
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
