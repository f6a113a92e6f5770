import { AwsError } from "../aws-error";
import type { Cancel, Clock } from "../clock";
import type { MachineEvent } from "./machine-types";
import type { LifecycleEventName } from "./part";

/** What a hook's Lambda function is called with. */
export interface HookPayload {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** Calls a hook's function. An error, thrown or by its promise, fails the hook; the result comes by putHookStatus. */
export type InvokeHook = (functionArn: string, payload: HookPayload) => void | Promise<void>;

/** A hook without an answer fails after this. Source: CodeDeploy user guide, troubleshooting Amazon ECS deployments. */
const HOOK_TIMEOUT_MS = 3_600_000;

/** One call of a hook: its answer, its failure or its timeout becomes one event of the machine. */
export class HookCall {
  private over = false;

  constructor(
    readonly executionId: string,
    private readonly name: LifecycleEventName,
    private readonly clock: Clock,
    private readonly dispatch: (event: MachineEvent) => void,
  ) {}

  /** Calls the function and waits for the answer; the cancel ends the waiting. */
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

  /** PutLifecycleEventHookExecutionStatus. @throws AwsError LifecycleEventAlreadyCompletedException */
  answer(status: "Succeeded" | "Failed"): void {
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
