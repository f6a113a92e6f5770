import type { Failure } from "./failure";
import type { Gate } from "./gate";
import type { CanaryVerdict } from "./low-traffic";
import type { Outcome } from "./outcome";
import type { Problem } from "./problem";
import type { ProbeReport } from "./probes";
import type { ReadyWait } from "./ready-wait";
import type { Snapshot } from "./snapshot";
import type { Difference } from "./differences";

/** How a run of the release command ended, in texts for people. */
export interface ReleaseReport {
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** One sentence. */
  readonly headline: string;
  /** Causes: alarms, CodeDeploy's message, reasons of stopped tasks. */
  readonly reasons: readonly string[];
  /** Further facts about the end, e.g. where the traffic is. */
  readonly notes: readonly string[];
  /** What to do next. */
  readonly next: readonly string[];
  readonly deploymentId?: string;
  readonly rollbackDeploymentId?: string;
  readonly taskDefinition?: string;
  /** Alarms that ended the deployment: those that every reading of CodeDeploy's message contains. */
  readonly alarms: readonly string[];
  /** Alarms that may have ended the deployment; absent when the cause is certain. */
  readonly possibleAlarms?: readonly string[];
  /** The alarms that the deployment watched, and those of its group that it did not; absent without a deployment. */
  readonly watchedAlarms?: readonly string[];
  readonly unwatchedAlarms?: readonly string[];
  /** What the alarms could have noticed with the requests of the canary; absent without a canary. */
  readonly canary?: CanaryVerdict;
  /** Whether these were too few requests to judge the new version; absent when that is not known. */
  readonly lowTraffic?: boolean;
  /** What came of the requests that the release sent by itself; absent when it was to send none. */
  readonly probes?: ProbeReport;
  readonly problems: readonly Problem[];
}

/** Events of a release. Renderers only show them. */
export type ReleaseEvent =
  /** A step that was done or begun, before or during the deployment. */
  | { readonly type: "progress"; readonly text: string }
  | { readonly type: "warning"; readonly text: string }
  /** A line that Docker printed. */
  | { readonly type: "output"; readonly line: string }
  /** How the new revision differs from the live one. */
  | {
      readonly type: "changes";
      readonly from: string;
      readonly changes: readonly Difference[];
      /** A text for each container of the same repository that keeps its image. */
      readonly unchanged: readonly string[];
    }
  /** What will test the new version before all users have it. */
  | { readonly type: "gate"; readonly gate: Gate }
  | {
      readonly type: "watching";
      readonly deploymentId: string;
      /** How traffic moves, as a text. */
      readonly strategy?: string;
      /** The command that follows the deployment. */
      readonly attach: string;
      /** The alarms that this deployment watches. */
      readonly watched: readonly string[];
      /** Alarms of the group that this deployment doesn't watch. */
      readonly unwatched: readonly string[];
      /** When the watch began, by this machine's clock. */
      readonly at: number;
    }
  /** The deployment, or its rollback, waits for a person to continue it. */
  | ({
      readonly type: "waiting";
      /** What happens when nobody continues it, as a text. */
      readonly unlessContinued: string;
      /** The command that continues it. */
      readonly goOn: string;
    } & ReadyWait)
  /** What the alarms could have noticed with the requests of the canary, before the last shift. `text`: for people. */
  | ({ readonly type: "canary"; readonly text: string } & CanaryVerdict)
  | { readonly type: "snapshot"; readonly snapshot: Snapshot }
  /** A poll failed. */
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
  /** Restores the terminal. Called once, at the end, also after a second Ctrl-C. */
  close(): void;
}
