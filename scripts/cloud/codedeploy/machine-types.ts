/** The types of the deployment's state machine: phases, events, effects, and the plan that it follows. */
import type { ErrorInformation } from "./messages";
import type { DeploymentStatus, LifecycleEvent, LifecycleEventName, LifecycleEventStatus } from "./part";
import type { TrafficStep } from "./routing";

/**
 * The phases of a deployment. Most have the name of the lifecycle event that runs. AllowTraffic has two phases: one for
 * the canary wait or the linear steps (ShiftingTraffic), and one after all traffic has shifted (AllTrafficShifted). In
 * ReadyWait no lifecycle event runs: the deployment waits for ContinueDeployment. A rollback starts in
 * RevertingTraffic.
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

/** The events of a deployment. */
export type MachineEvent =
  /** The wait of the phase is over. */
  | { readonly type: "timePassed" }
  | { readonly type: "taskSetSteady" }
  | { readonly type: "steadyTimeout" }
  | { readonly type: "hookSucceeded" }
  | { readonly type: "hookFailed"; readonly reason?: string }
  | { readonly type: "hookTimeout" }
  | { readonly type: "alarmFired"; readonly names: readonly string[] }
  | { readonly type: "alarmsUnreadable"; readonly names: readonly string[] }
  /** ContinueDeployment was called: traffic may be rerouted. */
  | { readonly type: "continueRequested" }
  /** StopDeployment was called. `rollback` is its parameter; when undefined, the deployment group decides. */
  | { readonly type: "stopRequested"; readonly rollback?: boolean }
  /** ECS has started to delete the task set of the phase. */
  | { readonly type: "taskSetDraining" }
  /** An effect could not be performed. */
  | { readonly type: "effectFailed"; readonly error: ErrorInformation };

/** The types of all events. */
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

/** The effects of a transition, which the run performs in order. */
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
  /** Dispatches timePassed `ms` milliseconds from now, or after all traffic was shifted. */
  | { readonly type: "wait"; readonly ms: number; readonly since: "now" | "allTrafficShifted" }
  /** Invokes a hook; dispatches hookSucceeded, hookFailed or hookTimeout. */
  | { readonly type: "invokeHook"; readonly name: LifecycleEventName; readonly functionArn: string }
  | { readonly type: "createGreen" }
  /** Waits for green; dispatches taskSetSteady or steadyTimeout. */
  | { readonly type: "awaitSteady"; readonly timeoutMs: number }
  | { readonly type: "testTraffic"; readonly to: Colour }
  /** Sets the percent of the production traffic on green. */
  | { readonly type: "productionTraffic"; readonly percent: number }
  | { readonly type: "setPrimary"; readonly to: Colour }
  /** Deletes a task set; dispatches taskSetDraining. */
  | { readonly type: "deleteTaskSet"; readonly colour: Colour }
  /** Sets the status: Ready in ReadyWait, InProgress after it. */
  | { readonly type: "status"; readonly status: "Ready" | "InProgress" }
  | { readonly type: "finish"; readonly status: DeploymentStatus; readonly error?: ErrorInformation }
  /** Starts the rollback deployment. */
  | { readonly type: "rollBack" };

/** The settings of a deployment that its state machine follows. */
export interface DeploymentPlan {
  readonly testListener: boolean;
  readonly steps: readonly TrafficStep[];
  /** Lambda functions by lifecycle event. */
  readonly hooks: Readonly<Partial<Record<LifecycleEventName, string>>>;
  /** Whether the deployment rolls back on DEPLOYMENT_STOP_ON_ALARM, DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_REQUEST. */
  readonly rollbackOn: { readonly alarm: boolean; readonly failure: boolean; readonly request: boolean };
  /** Whether a stop without a rollback in the canary wait moves the traffic back to blue. */
  readonly stopMovesTrafficBack: boolean;
  /** Duration of a lifecycle event without a hook, in milliseconds. */
  readonly eventMs: number;
  /** Timeout for green to become steady, in milliseconds. */
  readonly steadyTimeoutMs: number;
  /** Timeout of the wait for ContinueDeployment before traffic moves, in milliseconds; absent: no wait. */
  readonly readyWaitMs?: number;
  /** Whether a timeout of that wait rolls back in the same way as a stop on request. */
  readonly readyTimeoutRollsBack: boolean;
  /** How long blue is kept after all traffic was shifted, in milliseconds. */
  readonly terminationWaitMs: number;
}

/** The state of the machine. `step` is the index of the current traffic step in ShiftingTraffic. */
export interface MachineState {
  readonly phase: Phase;
  readonly step: number;
}

/** The result of an event: the next state and the effects to perform. */
export interface Transition {
  readonly state: MachineState;
  readonly effects: readonly Effect[];
}
