import { AwsError } from "../aws-error";
import type { Cancel, Clock } from "../clock";
import type { MachineEvent } from "./machine-types";
import type { LifecycleEventName } from "./part";

/** The payload of a hook's Lambda function. */
export interface HookPayload {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** Invokes a hook's function. A thrown error or a rejection fails the hook; the result comes by `putHookStatus`. */
export type InvokeHook = (functionArn: string, payload: HookPayload) => void | Promise<void>;

/**
 * A hook without a status fails after this time, in simulated milliseconds.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html
 */
const HOOK_TIMEOUT_MS = 3_600_000;

/** One call of a hook: its status, failure or timeout becomes one event of the state machine. */
export class HookCall {
  private over = false;

  constructor(
    readonly executionId: string,
    private readonly name: LifecycleEventName,
    private readonly clock: Clock,
    private readonly dispatch: (event: MachineEvent) => void,
  ) {}

  /** Invokes the function and waits for the hook's status; the returned function cancels the wait. */
  start(invoke: () => void | Promise<void>): Cancel {
    const cancel = this.clock.after(HOOK_TIMEOUT_MS, () => this.settle({ type: "hookTimeout" }));
    const failed = (error: unknown) =>
      this.settle({ type: "hookFailed", reason: `${this.name}: ${(error as Error).message}` });
    try {
      Promise.resolve(invoke()).catch(failed);
    } catch (error) {
      failed(error);
    }
    return () => {
      cancel();
      this.over = true;
    };
  }

  /**
   * Takes the status of PutLifecycleEventHookExecutionStatus.
   * @throws AwsError LifecycleEventAlreadyCompletedException
   */
  putStatus(status: "Succeeded" | "Failed"): void {
    if (this.over) {
      throw new AwsError(
        "LifecycleEventAlreadyCompletedException",
        `The lifecycle event ${this.name} is already over.`,
      );
    }
    this.settle(status === "Succeeded" ? { type: "hookSucceeded" } : { type: "hookFailed" });
  }

  private settle(event: MachineEvent): void {
    if (this.over) return;
    this.over = true;
    this.dispatch(event);
  }
}
