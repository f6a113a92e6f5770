/** The words of the deployment's state machine: its phases, events, effects, and what it decides by. */
import type { ErrorInformation } from "./messages";
import type { DeploymentStatus, LifecycleEvent, LifecycleEventName, LifecycleEventStatus } from "./part";
import type { TrafficStep } from "./routing";

/**
 * Where a deployment is. Most phases carry the name of the lifecycle event that runs; AllowTraffic has two: the canary
 * wait or linear steps, and the moment after 100 %. In ReadyWait none runs: it waits for a person's word. A rollback deployment starts at RevertingTraffic.
 */
export const PHASES = [
  "Created",
  "BeforeInstall",
  "Install",
  "AfterInstall",
  "AllowTestTraffic",
  "AfterAllowTestTraffic",
  "ReadyWait",
  "BeforeAllowTraffic",
  "ShiftingTraffic",
  "AllTrafficShifted",
  "AfterAllowTraffic",
  "TerminationWait",
  "TerminatingBlue",
  "RevertingTraffic",
  "TerminatingGreen",
  "Succeeded",
  "Failed",
  "Stopped",
] as const;
/** One phase of a deployment. */
export type Phase = (typeof PHASES)[number];

/** What can happen to a deployment. */
export type MachineEvent =
  /** The wait that the phase asked for is over. */
  | { readonly type: "timePassed" }
  | { readonly type: "taskSetSteady" }
  | { readonly type: "steadyTimeout" }
  | { readonly type: "hookSucceeded" }
  | { readonly type: "hookFailed"; readonly reason?: string }
  | { readonly type: "hookTimeout" }
  | { readonly type: "alarmFired"; readonly names: readonly string[] }
  | { readonly type: "alarmsUnreadable"; readonly names: readonly string[] }
  /** ContinueDeployment: a person's word to reroute traffic. */
  | { readonly type: "continueRequested" }
  /** `rollback`: as StopDeployment asked; undefined: as the deployment group says. */
  | { readonly type: "stopRequested"; readonly rollback?: boolean }
  /** ECS has begun to delete the task set that the phase deletes. */
  | { readonly type: "taskSetDraining" }
  /** An effect could not be performed. */
  | { readonly type: "effectFailed"; readonly error: ErrorInformation };

/** The types of MachineEvent, for tables of all of them. */
export const MACHINE_EVENTS = [
  "timePassed",
  "taskSetSteady",
  "steadyTimeout",
  "hookSucceeded",
  "hookFailed",
  "hookTimeout",
  "alarmFired",
  "alarmsUnreadable",
  "continueRequested",
  "stopRequested",
  "taskSetDraining",
  "effectFailed",
] as const satisfies readonly MachineEvent["type"][];

type Colour = "blue" | "green";

/** What the run has to do, in the order given. */
export type Effect =
  /** The deployment begins: status InProgress, the target exists, blue and the idle target group are found. */
  | { readonly type: "begin" }
  | {
      readonly type: "lifecycleEvent";
      readonly name: LifecycleEventName;
      readonly status: LifecycleEventStatus;
      readonly diagnostics?: LifecycleEvent["diagnostics"];
    }
  /** Every lifecycle event still Pending becomes Skipped. */
  | { readonly type: "skipPending" }
  /** Answer timePassed `ms` after now, or after the moment all traffic was shifted. */
  | { readonly type: "wait"; readonly ms: number; readonly since: "now" | "allTrafficShifted" }
  /** Answer hookSucceeded, hookFailed or hookTimeout. */
  | { readonly type: "invokeHook"; readonly name: LifecycleEventName; readonly functionArn: string }
  | { readonly type: "createGreen" }
  /** Answer taskSetSteady or steadyTimeout. */
  | { readonly type: "awaitSteady"; readonly timeoutMs: number }
  | { readonly type: "testTraffic"; readonly to: Colour }
  /** Percent of the production traffic on green. */
  | { readonly type: "productionTraffic"; readonly percent: number }
  | { readonly type: "setPrimary"; readonly to: Colour }
  /** Answer taskSetDraining. */
  | { readonly type: "deleteTaskSet"; readonly colour: Colour }
  /** Ready while it waits for a person, InProgress after it. */
  | { readonly type: "status"; readonly status: "Ready" | "InProgress" }
  | { readonly type: "finish"; readonly status: DeploymentStatus; readonly error?: ErrorInformation }
  /** Start the rollback deployment. */
  | { readonly type: "rollBack" };

/** What a deployment was created with, as far as the machine decides by it. */
export interface DeploymentPlan {
  readonly testListener: boolean;
  readonly steps: readonly TrafficStep[];
  /** Lambda functions by lifecycle event. */
  readonly hooks: Readonly<Partial<Record<LifecycleEventName, string>>>;
  /** DEPLOYMENT_STOP_ON_ALARM, DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_REQUEST among the rollback events. */
  readonly rollbackOn: { readonly alarm: boolean; readonly failure: boolean; readonly request: boolean };
  /** Whether a stop without a rollback in the canary wait takes the traffic back to blue. */
  readonly stopTakesTrafficBack: boolean;
  /** Milliseconds of a lifecycle event without a hook. */
  readonly eventMs: number;
  /** Milliseconds that green may take to become steady. */
  readonly steadyTimeoutMs: number;
  /** Milliseconds that it waits for a person's word before traffic moves; absent: it doesn't wait. */
  readonly readyWaitMs?: number;
  /** Whether a wait that nobody ended is rolled back as a stop on request is. */
  readonly readyTimeoutRollsBack: boolean;
  /** Milliseconds that blue is kept after all traffic was shifted. */
  readonly terminationWaitMs: number;
}

/** `step`: index of the traffic step reached, while ShiftingTraffic. */
export interface MachineState {
  readonly phase: Phase;
  readonly step: number;
}

/** What an event brings: where the deployment is then, and what has to be done. */
export interface Transition {
  readonly state: MachineState;
  readonly effects: readonly Effect[];
}
