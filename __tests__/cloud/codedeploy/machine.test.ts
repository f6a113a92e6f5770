import { CREATED, startRollback, transition } from "../../../scripts/cloud/codedeploy/machine";
import {
  type DeploymentPlan,
  type Effect,
  MACHINE_EVENTS,
  type MachineEvent,
  type MachineState,
  type Phase,
  PHASES,
} from "../../../scripts/cloud/codedeploy/machine-types";
import type { LifecycleEventName } from "../../../scripts/cloud/codedeploy/part";
import { stepsOf } from "../../../scripts/cloud/codedeploy/routing";

const plan: DeploymentPlan = {
  testListener: true,
  steps: stepsOf({ type: "TimeBasedCanary", percentage: 10, intervalMinutes: 5 }),
  hooks: {},
  stopMovesTrafficBack: false,
  rollbackOn: { alarm: true, failure: true, request: true },
  eventMs: 10_000,
  steadyTimeoutMs: 3_600_000,
  terminationWaitMs: 300_000,
  readyTimeoutRollsBack: true,
};

const EVENTS: Readonly<Record<MachineEvent["type"], MachineEvent>> = {
  timePassed: { type: "timePassed" },
  taskSetSteady: { type: "taskSetSteady" },
  steadyTimeout: { type: "steadyTimeout" },
  hookSucceeded: { type: "hookSucceeded" },
  hookFailed: { type: "hookFailed" },
  hookTimeout: { type: "hookTimeout" },
  alarmFired: { type: "alarmFired", names: ["errors"] },
  alarmsUnreadable: { type: "alarmsUnreadable", names: ["errors"] },
  continueRequested: { type: "continueRequested" },
  stopRequested: { type: "stopRequested" },
  taskSetDraining: { type: "taskSetDraining" },
  effectFailed: { type: "effectFailed", error: { code: "ECS_UPDATE_ERROR", message: "no" } },
};

const step = (
  phase: Phase,
  event: MachineEvent["type"] | MachineEvent,
  changes: Partial<DeploymentPlan> = {},
  at = 0,
) => transition({ phase, step: at }, typeof event === "string" ? EVENTS[event] : event, { ...plan, ...changes });

const effects = (phase: Phase, event: MachineEvent["type"], changes: Partial<DeploymentPlan> = {}): readonly Effect[] =>
  step(phase, event, changes)?.effects ?? [];

/** One line for each effect: its values in the order of its type. */
const lines = (list: readonly Effect[]): readonly string[] =>
  list.map((effect) =>
    Object.values(effect)
      .map((value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)))
      .join(" "),
  );

/** The phases that the events lead through, each with the lines of its effects. */
function walk(
  first: MachineState,
  events: readonly MachineEvent["type"][],
  changes: Partial<DeploymentPlan> = {},
): readonly (readonly [Phase, ...string[]])[] {
  let state = first;
  return events.map((event) => {
    const to = transition(state, EVENTS[event], { ...plan, ...changes });
    if (!to) throw new Error(`${state.phase} ignores ${event}`);
    state = to.state;
    return [state.phase, ...lines(to.effects)];
  });
}

/**
 * Every pair of phase and event. A cell is the phase that follows, `+` when a rollback is started on the way, `.` when
 * the event is ignored. Columns: time passed, task set steady, steady timeout, hook succeeded, hook failed, hook
 * timeout, alarm fired, alarms unreadable, continue requested, stop requested, task set draining, effect failed.
 */
const GRID = `
Created               BeforeInstall         .            .       .                  .       .       Stopped  Stopped  .                  Stopped  .         Failed
BeforeInstall         Install               .            .       Install            Failed  Failed  Stopped  Stopped  .                  Stopped  .         Failed
Install               .                     AfterInstall Failed+ .                  .       .       Stopped+ Stopped+ .                  Stopped+ .         Failed+
AfterInstall          AllowTestTraffic      .            .       AllowTestTraffic   Failed+ Failed+ Stopped+ Stopped+ .                  Stopped+ .         Failed+
AllowTestTraffic      AfterAllowTestTraffic .            .       .                  .       .       Stopped+ Stopped+ .                  Stopped+ .         Failed+
AfterAllowTestTraffic BeforeAllowTraffic    .            .       BeforeAllowTraffic Failed+ Failed+ Stopped+ Stopped+ .                  Stopped+ .         Failed+
ReadyWait             Stopped+              .            .       .                  .       .       Stopped+ Stopped+ BeforeAllowTraffic Stopped+ .         Failed+
BeforeAllowTraffic    ShiftingTraffic       .            .       ShiftingTraffic    Failed+ Failed+ Stopped+ Stopped+ .                  Stopped+ .         Failed+
ShiftingTraffic       AllTrafficShifted     .            .       .                  .       .       Stopped+ Stopped+ .                  Stopped+ .         Failed+
AllTrafficShifted     AfterAllowTraffic     .            .       .                  .       .       Stopped+ Stopped+ .                  Stopped+ .         Failed+
AfterAllowTraffic     TerminationWait       .            .       TerminationWait    Failed+ Failed+ Stopped+ Stopped+ .                  Stopped+ .         Failed+
TerminationWait       TerminatingBlue       .            .       .                  .       .       Stopped+ Stopped+ .                  Stopped+ .         Failed+
TerminatingBlue       .                     .            .       .                  .       .       .        .        .                  .        Succeeded Failed
RevertingTraffic      TerminatingGreen      .            .       .                  .       .       .        .        .                  Stopped  .         Failed
TerminatingGreen      .                     .            .       .                  .       .       .        .        .                  .        Succeeded Failed
Succeeded             .                     .            .       .                  .       .       .        .        .                  .        .         .
Failed                .                     .            .       .                  .       .       .        .        .                  .        .         .
Stopped               .                     .            .       .                  .       .       .        .        .                  .        .         .
`
  .trim()
  .split("\n")
  .map((line) => line.trim().split(/\s+/));

describe("the table of a deployment", () => {
  it("has a row for every phase and a cell for every event", () => {
    expect(GRID.map(([phase]) => phase)).toEqual([...PHASES]);
    expect(GRID.every((row) => row.length === MACHINE_EVENTS.length + 1)).toBe(true);
  });

  const pairs = PHASES.flatMap((phase, row) =>
    MACHINE_EVENTS.map((event, column) => [phase, event, GRID[row]?.[column + 1]] as const),
  );

  it.each(pairs)("%s, %s: %s", (phase, event, cell) => {
    const to = step(phase, event);
    const rollback = to?.effects.some(({ type }) => type === "rollBack") ? "+" : "";
    expect(to ? to.state.phase + rollback : ".").toBe(cell);
  });

  it.each(pairs.filter(([, , cell]) => cell?.endsWith("+")))(
    "%s, %s: no rollback when its kind is not among the rollback events",
    (phase, event) => {
      const to = step(phase, event, { rollbackOn: { alarm: false, failure: false, request: false } });
      expect(to?.effects.map(({ type }) => type)).not.toContain("rollBack");
    },
  );
});

describe("which event brings a rollback", () => {
  it.each([
    ["alarmFired", "alarm"],
    ["alarmsUnreadable", "alarm"],
    ["stopRequested", "request"],
    ["effectFailed", "failure"],
  ] as const)("%s does with %s alone", (event, kind) => {
    const none = { alarm: false, failure: false, request: false };
    expect(effects("ShiftingTraffic", event, { rollbackOn: { ...none, [kind]: true } })).toContainEqual({
      type: "rollBack",
    });
    const others = { alarm: true, failure: true, request: true, [kind]: false };
    expect(effects("ShiftingTraffic", event, { rollbackOn: others })).not.toContainEqual({ type: "rollBack" });
  });

  it("lets StopDeployment decide over the deployment group", () => {
    const none = { rollbackOn: { alarm: false, failure: false, request: false } };
    const asked = step("ShiftingTraffic", { type: "stopRequested", rollback: true }, none);
    expect(asked?.effects).toContainEqual({ type: "rollBack" });
    const declined = step("ShiftingTraffic", { type: "stopRequested", rollback: false });
    expect(declined?.effects).not.toContainEqual({ type: "rollBack" });
  });
});

describe("a stop without a rollback", () => {
  const none = { alarm: false, failure: false, request: false };
  const back = { type: "productionTraffic", percent: 0 };

  it.each([
    [false, false],
    [true, true],
  ])("in the canary wait takes the traffic back where it is set to: %s", (stopMovesTrafficBack, expected) => {
    const outcome = effects("ShiftingTraffic", "alarmFired", { rollbackOn: none, stopMovesTrafficBack });
    expect(outcome.some((effect) => JSON.stringify(effect) === JSON.stringify(back))).toBe(expected);
  });

  it("moves no traffic anywhere else, and leaves it to the rollback where there is one", () => {
    const settings = { stopMovesTrafficBack: true };
    expect(effects("ShiftingTraffic", "alarmFired", settings)).not.toContainEqual(back);
    for (const phase of PHASES.filter((name) => name !== "ShiftingTraffic")) {
      expect(effects(phase, "alarmFired", { ...settings, rollbackOn: none })).not.toContainEqual(back);
    }
  });
});

describe("moving the traffic", () => {
  it("goes from step to step of a linear strategy", () => {
    const linear = { steps: stepsOf({ type: "TimeBasedLinear", percentage: 40, intervalMinutes: 1 }) };
    const second = step("ShiftingTraffic", "timePassed", linear, 0);
    expect(second?.state).toEqual({ phase: "ShiftingTraffic", step: 1 });
    expect(second?.effects).toContainEqual({ type: "productionTraffic", percent: 80 });
    expect(step("ShiftingTraffic", "timePassed", linear, 1)?.state.phase).toBe("AllTrafficShifted");
  });

  it("shifts everything at the start of AllowTraffic when all goes at once", () => {
    const to = step("BeforeAllowTraffic", "timePassed", { steps: stepsOf({ type: "AllAtOnce" }) });
    expect(to?.state.phase).toBe("AllTrafficShifted");
    expect(to?.effects).toContainEqual({ type: "productionTraffic", percent: 100 });
  });

  it("shifts everything when a plan has no steps", () => {
    expect(effects("BeforeAllowTraffic", "timePassed", { steps: [] })).toContainEqual({
      type: "productionTraffic",
      percent: 100,
    });
  });

  it("leaves the test traffic events out without a test listener", () => {
    expect(step("AfterInstall", "timePassed", { testListener: false })?.state.phase).toBe("BeforeAllowTraffic");
  });
});

describe("the effects of a deployment, in order", () => {
  const BEFORE_TRAFFIC = [
    ["BeforeInstall", "begin", "lifecycleEvent BeforeInstall InProgress", "wait 10000 now"],
    [
      "Install",
      "lifecycleEvent BeforeInstall Succeeded",
      "lifecycleEvent Install InProgress",
      "createGreen",
      "awaitSteady 3600000",
    ],
    ["AfterInstall", "lifecycleEvent Install Succeeded", "lifecycleEvent AfterInstall InProgress", "wait 10000 now"],
    [
      "AllowTestTraffic",
      "lifecycleEvent AfterInstall Succeeded",
      "lifecycleEvent AllowTestTraffic InProgress",
      "testTraffic green",
      "wait 10000 now",
    ],
    [
      "AfterAllowTestTraffic",
      "lifecycleEvent AllowTestTraffic Succeeded",
      "lifecycleEvent AfterAllowTestTraffic InProgress",
      "wait 10000 now",
    ],
    [
      "BeforeAllowTraffic",
      "lifecycleEvent AfterAllowTestTraffic Succeeded",
      "lifecycleEvent BeforeAllowTraffic InProgress",
      "wait 10000 now",
    ],
  ];
  const TRAFFIC = [
    [
      "ShiftingTraffic",
      "lifecycleEvent BeforeAllowTraffic Succeeded",
      "lifecycleEvent AllowTraffic InProgress",
      "productionTraffic 10",
      "wait 300000 now",
    ],
    ["AllTrafficShifted", "productionTraffic 100", "wait 10000 now"],
    [
      "AfterAllowTraffic",
      "lifecycleEvent AllowTraffic Succeeded",
      "setPrimary green",
      "lifecycleEvent AfterAllowTraffic InProgress",
      "wait 10000 now",
    ],
    ["TerminationWait", "lifecycleEvent AfterAllowTraffic Succeeded", "wait 300000 allTrafficShifted"],
    ["TerminatingBlue", "deleteTaskSet blue"],
    ["Succeeded", "finish Succeeded"],
  ];

  it("are these of one that succeeds", () => {
    const events = ["timePassed", "timePassed", "taskSetSteady", "timePassed", "timePassed", "timePassed"] as const;
    expect(walk(CREATED, events)).toEqual(BEFORE_TRAFFIC);
    const shift = ["timePassed", "timePassed", "timePassed", "timePassed", "timePassed", "taskSetDraining"] as const;
    expect(walk({ phase: "BeforeAllowTraffic", step: 0 }, shift)).toEqual(TRAFFIC);
  });

  it("are these of one that waits for ContinueDeployment", () => {
    const events = ["timePassed", "continueRequested"] as const;
    expect(walk({ phase: "AfterAllowTestTraffic", step: 0 }, events, { readyWaitMs: 600_000 })).toEqual([
      ["ReadyWait", "lifecycleEvent AfterAllowTestTraffic Succeeded", "status Ready", "wait 600000 now"],
      ["BeforeAllowTraffic", "status InProgress", "lifecycleEvent BeforeAllowTraffic InProgress", "wait 10000 now"],
    ]);
  });

  it.each<[name: LifecycleEventName, before: Phase, event: MachineEvent["type"]]>([
    ["BeforeInstall", "Created", "timePassed"],
    ["AfterInstall", "Install", "taskSetSteady"],
    ["AfterAllowTestTraffic", "AllowTestTraffic", "timePassed"],
    ["BeforeAllowTraffic", "AfterAllowTestTraffic", "hookSucceeded"],
    ["AfterAllowTraffic", "AllTrafficShifted", "timePassed"],
  ])("call the function of %s instead of passing the time", (name, before, event) => {
    const hooks = { [name]: "arn:lambda" };
    expect(lines(effects(before, event, { hooks })).slice(-2)).toEqual([
      `lifecycleEvent ${name} InProgress`,
      `invokeHook ${name} arn:lambda`,
    ]);
  });

  it("are these of a rollback", () => {
    const { state, effects: first } = startRollback(plan);
    expect([state.phase, ...lines(first)]).toEqual([
      "RevertingTraffic",
      "begin",
      "productionTraffic 0",
      "setPrimary blue",
      "lifecycleEvent BeforeInstall Skipped",
      "lifecycleEvent Install Skipped",
      "lifecycleEvent AfterInstall Skipped",
      "lifecycleEvent AllowTestTraffic Skipped",
      "lifecycleEvent AfterAllowTestTraffic Skipped",
      "lifecycleEvent BeforeAllowTraffic Skipped",
      "lifecycleEvent AllowTraffic InProgress",
      "testTraffic blue",
      "wait 10000 now",
    ]);
    expect(walk(state, ["timePassed", "taskSetDraining"])).toEqual([
      [
        "TerminatingGreen",
        "lifecycleEvent AllowTraffic Succeeded",
        "lifecycleEvent AfterAllowTraffic Succeeded",
        "deleteTaskSet green",
      ],
      ["Succeeded", "finish Succeeded"],
    ]);
  });

  it("are these of a rollback without a test listener", () => {
    expect(lines(startRollback({ ...plan, testListener: false }).effects)).toEqual([
      "begin",
      "productionTraffic 0",
      "setPrimary blue",
      "lifecycleEvent BeforeInstall Skipped",
      "lifecycleEvent Install Skipped",
      "lifecycleEvent AfterInstall Skipped",
      "lifecycleEvent BeforeAllowTraffic Skipped",
      "lifecycleEvent AllowTraffic InProgress",
      "wait 10000 now",
    ]);
  });
});

describe("the end of a deployment", () => {
  const RUNNING: readonly (readonly [Phase, string | undefined])[] = [
    ["Created", undefined],
    ["BeforeInstall", "BeforeInstall"],
    ["Install", "Install"],
    ["AfterInstall", "AfterInstall"],
    ["AllowTestTraffic", "AllowTestTraffic"],
    ["AfterAllowTestTraffic", "AfterAllowTestTraffic"],
    ["ReadyWait", undefined],
    ["BeforeAllowTraffic", "BeforeAllowTraffic"],
    ["ShiftingTraffic", "AllowTraffic"],
    ["AllTrafficShifted", "AllowTraffic"],
    ["AfterAllowTraffic", "AfterAllowTraffic"],
    ["TerminationWait", undefined],
    ["TerminatingBlue", undefined],
    ["RevertingTraffic", "AllowTraffic"],
    ["TerminatingGreen", undefined],
  ];

  it.each(RUNNING)("in %s fails the lifecycle event %s and skips the others", (phase, name) => {
    const none = { rollbackOn: { alarm: false, failure: false, request: false } };
    expect(lines(effects(phase, "effectFailed", none))).toEqual([
      ...(name === undefined ? [] : [`lifecycleEvent ${name} Failed`]),
      "skipPending",
      'finish Failed {"code":"ECS_UPDATE_ERROR","message":"no"}',
    ]);
  });

  it.each<[Phase, MachineEvent, Partial<DeploymentPlan>, code: string, message: string]>([
    ["Install", EVENTS.steadyTimeout, { steadyTimeoutMs: 120_000 }, "TIMEOUT", "period is 2 minutes."],
    ["ReadyWait", EVENTS.timePassed, { readyWaitMs: 600_000 }, "TIMEOUT", "within the wait time of 10 minutes."],
    ["AfterInstall", EVENTS.hookFailed, {}, "HOOK_EXECUTION_FAILURE", "validation functions failed."],
    ["AfterInstall", EVENTS.hookTimeout, {}, "TIMEOUT", "waiting for a status callback"],
    ["ShiftingTraffic", EVENTS.alarmFired, {}, "ALARM_ACTIVE", "Activated alarms: <errors>"],
    ["ShiftingTraffic", EVENTS.alarmsUnreadable, {}, "CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND", ": errors."],
    ["ShiftingTraffic", EVENTS.stopRequested, {}, "MANUAL_STOP", "on request"],
    ["RevertingTraffic", EVENTS.stopRequested, {}, "MANUAL_STOP", "on request"],
    ["TerminatingBlue", EVENTS.effectFailed, {}, "ECS_UPDATE_ERROR", "no"],
  ])("in %s on %j has the error of its cause", (phase, event, changes, code, message) => {
    const finish = step(phase, event, changes)?.effects.find(({ type }) => type === "finish");
    expect(finish).toMatchObject({ error: { code, message: expect.stringContaining(message) as string } });
  });

  it.each<[Phase, MachineEvent, errorCode: string, message: string]>([
    ["Install", EVENTS.steadyTimeout, "ScriptTimedOut", "period is 60 minutes."],
    ["AfterInstall", EVENTS.hookFailed, "ScriptFailed", "validation functions failed."],
    ["AfterInstall", { type: "hookFailed", reason: "the probe got 500" }, "ScriptFailed", "the probe got 500"],
    ["AfterInstall", EVENTS.hookTimeout, "ScriptTimedOut", "waiting for a status callback"],
  ])("in %s on %j has diagnostics of the lifecycle event", (phase, event, errorCode, message) => {
    expect(step(phase, event)?.effects[0]).toMatchObject({
      diagnostics: { errorCode, message: expect.stringContaining(message) as string },
    });
  });

  it("starts the rollback last", () => {
    expect(lines(effects("AfterInstall", "effectFailed")).at(-1)).toBe("rollBack");
  });
});
