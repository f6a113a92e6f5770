/**
 * The state machine of a deployment: a table of (phase, event) → next phase and effects. It is pure and uses no clock,
 * ECS or load balancer. The run (deployment-run.ts) performs the effects and dispatches the events.
 */
import type { DeploymentPlan, Effect, MachineEvent, MachineState, Phase, Transition } from "./machine-types";
import {
  alarmsActive,
  alarmsUnreadable,
  type ErrorInformation,
  hookFailed,
  hookTimedOut,
  notContinued,
  notSteady,
  stopped,
} from "./messages";
import type { LifecycleEvent, LifecycleEventName, LifecycleEventStatus } from "./part";

interface Situation {
  readonly state: MachineState;
  readonly plan: DeploymentPlan;
}
type Of<T extends MachineEvent["type"]> = Extract<MachineEvent, { readonly type: T }>;
type Handler<T extends MachineEvent["type"]> = (event: Of<T>, situation: Situation) => Transition;
/** What a phase does on each event. It ignores the events that aren't here. */
type Row = { readonly [T in MachineEvent["type"]]?: Handler<T> };

/** A phase in which a lifecycle event runs that a hook can be attached to. */
type HookPhase = Phase &
  ("BeforeInstall" | "AfterInstall" | "AfterAllowTestTraffic" | "BeforeAllowTraffic" | "AfterAllowTraffic");

/** The lifecycle event that runs in a phase. In the other phases, none runs. */
const RUNNING_EVENT: { readonly [P in Phase]?: LifecycleEventName } = {
  BeforeInstall: "BeforeInstall",
  Install: "Install",
  AfterInstall: "AfterInstall",
  AllowTestTraffic: "AllowTestTraffic",
  AfterAllowTestTraffic: "AfterAllowTestTraffic",
  BeforeAllowTraffic: "BeforeAllowTraffic",
  ShiftingTraffic: "AllowTraffic",
  AllTrafficShifted: "AllowTraffic",
  AfterAllowTraffic: "AfterAllowTraffic",
  RevertingTraffic: "AllowTraffic",
};

// ---- progress --------------------------------------------------------------------------------------------------

const at = (phase: Phase, effects: readonly Effect[], step = 0): Transition => ({ state: { phase, step }, effects });
const mark = (name: LifecycleEventName, status: LifecycleEventStatus): Effect => ({
  type: "lifecycleEvent",
  name,
  status,
});
const after = (effects: readonly Effect[], next: Transition): Transition => ({
  state: next.state,
  effects: [...effects, ...next.effects],
});

/** Enters a lifecycle event that only runs its hook, if there is one. */
function enterHookable(phase: HookPhase, plan: DeploymentPlan): Transition {
  const functionArn = plan.hooks[phase];
  const content: Effect =
    functionArn !== undefined
      ? { type: "invokeHook", name: phase, functionArn }
      : { type: "wait", ms: plan.eventMs, since: "now" };
  return at(phase, [mark(phase, "InProgress"), content]);
}

const enterInstall = ({ steadyTimeoutMs: timeoutMs }: DeploymentPlan): Transition =>
  at("Install", [mark("Install", "InProgress"), { type: "createGreen" }, { type: "awaitSteady", timeoutMs }]);

const enterAllowTestTraffic = (plan: DeploymentPlan): Transition =>
  at("AllowTestTraffic", [
    mark("AllowTestTraffic", "InProgress"),
    { type: "testTraffic", to: "green" },
    { type: "wait", ms: plan.eventMs, since: "now" },
  ]);

/**
 * Enters the wait for ContinueDeployment, if the group has one: after the test traffic, before production traffic
 * moves.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentReadyOption.html
 */
const enterReadyWait = (plan: DeploymentPlan): Transition =>
  plan.readyWaitMs === undefined
    ? enterHookable("BeforeAllowTraffic", plan)
    : at("ReadyWait", [
        { type: "status", status: "Ready" },
        { type: "wait", ms: plan.readyWaitMs, since: "now" },
      ]);

/** Shifts traffic to a step of the strategy. */
function shiftTo(step: number, plan: DeploymentPlan): Transition {
  const { percent, waitMs } = plan.steps[step] ?? { percent: 100, waitMs: 0 };
  const shift: Effect = { type: "productionTraffic", percent };
  return percent < 100
    ? at("ShiftingTraffic", [shift, { type: "wait", ms: waitMs, since: "now" }], step)
    : at("AllTrafficShifted", [shift, { type: "wait", ms: plan.eventMs, since: "now" }], step);
}

const enterTerminationWait = (plan: DeploymentPlan): Transition =>
  at("TerminationWait", [{ type: "wait", ms: plan.terminationWaitMs, since: "allTrafficShifted" }]);

/** Ends the current lifecycle event, if one runs, and enters the next phase. */
function advance(enter: (plan: DeploymentPlan) => Transition) {
  return (_event: MachineEvent, { state, plan }: Situation): Transition => {
    const name = RUNNING_EVENT[state.phase];
    return after(name === undefined ? [] : [mark(name, "Succeeded")], enter(plan));
  };
}

// ---- failures, stops and rollbacks -------------------------------------------------------------------------------

interface Ending {
  readonly status: "Failed" | "Stopped";
  readonly error: ErrorInformation;
  readonly rollback: boolean;
  readonly diagnostics?: LifecycleEvent["diagnostics"];
}

/** Ends the deployment: the current lifecycle event becomes Failed, the others Skipped; a rollback starts if wanted. */
function end({ state, plan }: Situation, { status, error, rollback, diagnostics }: Ending): Transition {
  const name = RUNNING_EVENT[state.phase];
  const movesTrafficBack = state.phase === "ShiftingTraffic" && !rollback && plan.stopMovesTrafficBack;
  return at(status, [
    ...(name === undefined
      ? []
      : [{ type: "lifecycleEvent", name, status: "Failed", ...(diagnostics && { diagnostics }) } as const]),
    { type: "skipPending" },
    { type: "finish", status, error },
    ...(rollback ? [{ type: "rollBack" } as const] : []),
    // Last, because the deployment is over even when this fails.
    ...(movesTrafficBack ? [{ type: "productionTraffic", percent: 0 } as const] : []),
  ]);
}

/**
 * The events that end a deployment.
 * @param reversible whether green may exist and blue is unchanged: a rollback is possible
 */
function endings(reversible: boolean): Pick<Row, "alarmFired" | "alarmsUnreadable" | "stopRequested" | "effectFailed"> {
  return {
    alarmFired: ({ names }, situation) =>
      end(situation, {
        status: "Stopped",
        error: alarmsActive(names),
        rollback: reversible && situation.plan.rollbackOn.alarm,
      }),
    alarmsUnreadable: ({ names }, situation) =>
      end(situation, {
        status: "Stopped",
        error: alarmsUnreadable(names),
        rollback: reversible && situation.plan.rollbackOn.alarm,
      }),
    stopRequested: ({ rollback }, situation) =>
      end(situation, {
        status: "Stopped",
        error: stopped(),
        rollback: reversible && (rollback ?? situation.plan.rollbackOn.request),
      }),
    effectFailed: ({ error }, situation) =>
      end(situation, { status: "Failed", error, rollback: reversible && situation.plan.rollbackOn.failure }),
  };
}

/**
 * The events of a phase whose lifecycle event only runs its hook, if there is one.
 * @param enter enters the phase that follows
 */
function hookable(
  reversible: boolean,
  enter: (plan: DeploymentPlan) => Transition,
): Pick<Row, "timePassed" | "hookSucceeded" | "hookFailed" | "hookTimeout"> {
  const fail = (situation: Situation, error: ErrorInformation, diagnostics: LifecycleEvent["diagnostics"]) =>
    end(situation, {
      status: "Failed",
      error,
      rollback: reversible && situation.plan.rollbackOn.failure,
      diagnostics,
    });
  return {
    timePassed: advance(enter),
    hookSucceeded: advance(enter),
    hookFailed: ({ reason }, situation) => {
      const error = hookFailed();
      return fail(situation, error, { errorCode: "ScriptFailed", message: reason ?? error.message });
    },
    hookTimeout: (_event, situation) => {
      const error = hookTimedOut();
      return fail(situation, error, { errorCode: "ScriptTimedOut", message: error.message });
    },
  };
}

const succeed = (): Transition => at("Succeeded", [{ type: "finish", status: "Succeeded" }]);

/** Ends the deployment after a failed effect in a phase that can't be rolled back. */
const fail: Handler<"effectFailed"> = ({ error }, situation) =>
  end(situation, { status: "Failed", error, rollback: false });

// ---- the table -------------------------------------------------------------------------------------------------

const TABLE: Readonly<Record<Phase, Row>> = {
  // Nothing has changed yet, so there is no rollback.
  Created: {
    ...endings(false),
    timePassed: (_event, { plan }) => after([{ type: "begin" }], enterHookable("BeforeInstall", plan)),
  },
  BeforeInstall: { ...endings(false), ...hookable(false, enterInstall) },
  Install: {
    ...endings(true),
    taskSetSteady: advance((plan) => enterHookable("AfterInstall", plan)),
    steadyTimeout: (_event, situation) => {
      const error = notSteady(situation.plan.steadyTimeoutMs / 60_000);
      const diagnostics = { errorCode: "ScriptTimedOut", message: error.message };
      return end(situation, { status: "Failed", error, rollback: situation.plan.rollbackOn.failure, diagnostics });
    },
  },
  AfterInstall: {
    ...endings(true),
    ...hookable(true, (plan) => (plan.testListener ? enterAllowTestTraffic(plan) : enterReadyWait(plan))),
  },
  AllowTestTraffic: {
    ...endings(true),
    timePassed: advance((plan) => enterHookable("AfterAllowTestTraffic", plan)),
  },
  AfterAllowTestTraffic: { ...endings(true), ...hookable(true, enterReadyWait) },
  ReadyWait: {
    ...endings(true),
    continueRequested: advance((plan) =>
      after([{ type: "status", status: "InProgress" }], enterHookable("BeforeAllowTraffic", plan)),
    ),
    // The API reference of DeploymentReadyOption documents the status Stopped.
    timePassed: (_event, situation) => {
      const { readyWaitMs = 0, rollbackOn, readyTimeoutRollsBack } = situation.plan;
      return end(situation, {
        status: "Stopped",
        error: notContinued(readyWaitMs / 60_000),
        rollback: rollbackOn.request && readyTimeoutRollsBack,
      });
    },
  },
  BeforeAllowTraffic: {
    ...endings(true),
    ...hookable(true, (plan) => after([mark("AllowTraffic", "InProgress")], shiftTo(0, plan))),
  },
  ShiftingTraffic: {
    ...endings(true),
    timePassed: (_event, { state, plan }) => shiftTo(state.step + 1, plan),
  },
  AllTrafficShifted: {
    ...endings(true),
    timePassed: advance((plan) =>
      after([{ type: "setPrimary", to: "green" }], enterHookable("AfterAllowTraffic", plan)),
    ),
  },
  AfterAllowTraffic: { ...endings(true), ...hookable(true, enterTerminationWait) },
  TerminationWait: {
    ...endings(true),
    timePassed: () => at("TerminatingBlue", [{ type: "deleteTaskSet", colour: "blue" }]),
  },
  // Blue is being deleted: too late for alarms, stop requests and rollbacks. The deployment doesn't wait for the end of
  // the deletion. Recorded from AWS: deployments succeed while the old task set is still DRAINING.
  TerminatingBlue: { taskSetDraining: succeed, effectFailed: fail },
  // The alarm that caused a rollback must not stop it.
  RevertingTraffic: {
    stopRequested: (_event, situation) => end(situation, { status: "Stopped", error: stopped(), rollback: false }),
    effectFailed: fail,
    timePassed: () =>
      at("TerminatingGreen", [
        mark("AllowTraffic", "Succeeded"),
        mark("AfterAllowTraffic", "Succeeded"),
        { type: "deleteTaskSet", colour: "green" },
      ]),
  },
  TerminatingGreen: { taskSetDraining: succeed, effectFailed: fail },
  Succeeded: {},
  Failed: {},
  Stopped: {},
};

/** The first state of a deployment. The run waits before the first event. */
export const CREATED: MachineState = { phase: "Created", step: 0 };

/** The first transition of a rollback: traffic moves back before everything else. */
export function startRollback(plan: DeploymentPlan): Transition {
  const before = (["BeforeInstall", "Install", "AfterInstall"] as const).map((name) => mark(name, "Skipped"));
  const test = plan.testListener
    ? (["AllowTestTraffic", "AfterAllowTestTraffic"] as const).map((name) => mark(name, "Skipped"))
    : [];
  return at("RevertingTraffic", [
    { type: "begin" },
    { type: "productionTraffic", percent: 0 },
    { type: "setPrimary", to: "blue" },
    ...before,
    ...test,
    mark("BeforeAllowTraffic", "Skipped"),
    mark("AllowTraffic", "InProgress"),
    ...(plan.testListener ? [{ type: "testTraffic", to: "blue" } as const] : []),
    { type: "wait", ms: plan.eventMs, since: "now" },
  ]);
}

/** Gives the transition for an event; undefined when the phase ignores it. */
export function transition(state: MachineState, event: MachineEvent, plan: DeploymentPlan): Transition | undefined {
  const handler = TABLE[state.phase][event.type];
  // The handler for event.type takes exactly this event, which TypeScript can't infer.
  return handler?.(event as never, { state, plan });
}
