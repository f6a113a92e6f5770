import type { Failure } from "./failure";
import type { Gate } from "./gate";
import type { Outcome } from "./outcome";
import type { Problem } from "./problem";
import type { ReadyWait } from "./ready-wait";
import type { Snapshot } from "./snapshot";
import type { Difference } from "./differences";

/** How it ended, in words. */
export interface ReleaseReport {
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** One sentence. */
  readonly headline: string;
  /** Why: alarms, CodeDeploy's message, reasons of stopped tasks. */
  readonly reasons: readonly string[];
  /** Worth knowing beside it: what was seen at the end. */
  readonly notes: readonly string[];
  /** What to do now. */
  readonly next: readonly string[];
  readonly deploymentId?: string;
  readonly rollbackDeploymentId?: string;
  readonly taskDefinition?: string;
  /** Alarms that ended it: those that CodeDeploy names, however its message is read. */
  readonly alarms: readonly string[];
  /** Alarms that may have ended it; absent when that is known. */
  readonly possibleAlarms?: readonly string[];
  readonly problems: readonly Problem[];
}

/** Everything a release tells on its way. Renderers show it; none of them decides anything. */
export type ReleaseEvent =
  /** A thing done or begun, before and beside the deployment. */
  | { readonly type: "progress"; readonly text: string }
  | { readonly type: "warning"; readonly text: string }
  /** A line that Docker printed. */
  | { readonly type: "output"; readonly line: string }
  /** How the new revision differs from the live one. */
  | {
      readonly type: "changes";
      readonly from: string;
      readonly changes: readonly Difference[];
      /** Containers of the same repository that keep the image they have, in words. */
      readonly unchanged: readonly string[];
    }
  /** What would test the new version before all users have it. */
  | { readonly type: "gate"; readonly gate: Gate }
  | {
      readonly type: "watching";
      readonly deploymentId: string;
      /** How traffic moves, in words. */
      readonly strategy?: string;
      readonly attach: string;
      /** Alarms of the group that this deployment doesn't watch. */
      readonly leftOut?: readonly string[];
      /** By the renderer's clock, when the watch began. */
      readonly at: number;
    }
  /** The deployment, or its rollback, waits for a person's word. */
  | ({
      readonly type: "waiting";
      /** What becomes of it without one, in words. */
      readonly unlessContinued: string;
      /** The command that gives it. */
      readonly goOn: string;
    } & ReadyWait)
  | { readonly type: "snapshot"; readonly snapshot: Snapshot }
  | {
      readonly type: "trouble";
      readonly failure: Failure;
      readonly attempt: number;
      readonly retryInMs: number;
    }
  | { readonly type: "outcome"; readonly report: ReleaseReport };

/** Shows a release. */
export interface Renderer {
  show(event: ReleaseEvent): void;
  /** Gives the terminal back. Called once, at the end, also after a second Ctrl-C. */
  close(): void;
}
