import { startRollback, transition } from "../../../scripts/cloud/codedeploy/machine";
import {
  type DeploymentPlan,
  type Effect,
  MACHINE_EVENTS,
  type MachineEvent,
  type Phase,
  PHASES,
} from "../../../scripts/cloud/codedeploy/machine-types";
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
  it("shifts the canary's share when AllowTraffic begins, and waits", () => {
    expect(effects("BeforeAllowTraffic", "timePassed")).toEqual([
      { type: "lifecycleEvent", name: "BeforeAllowTraffic", status: "Succeeded" },
      { type: "lifecycleEvent", name: "AllowTraffic", status: "InProgress" },
      { type: "productionTraffic", percent: 10 },
      { type: "wait", ms: 300_000, since: "now" },
    ]);
  });

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

  it("makes green PRIMARY when AllowTraffic is done, and counts the termination wait from 100 %", () => {
    expect(effects("AllTrafficShifted", "timePassed")).toContainEqual({ type: "setPrimary", to: "green" });
    expect(effects("AfterAllowTraffic", "timePassed")).toContainEqual({
      type: "wait",
      ms: 300_000,
      since: "allTrafficShifted",
    });
  });

  it("leaves the test traffic events out without a test listener", () => {
    expect(step("AfterInstall", "timePassed", { testListener: false })?.state.phase).toBe("BeforeAllowTraffic");
  });
});

describe("hooks", () => {
  const hooks = { AfterInstall: "arn:lambda" };

  it("calls the function instead of passing the time", () => {
    expect(effects("Install", "taskSetSteady", { hooks })).toContainEqual({
      type: "invokeHook",
      name: "AfterInstall",
      functionArn: "arn:lambda",
    });
  });
});

describe("a rollback", () => {
  it("takes the traffic back before anything else", () => {
    const outside = startRollback(plan).effects.filter(({ type }) => type !== "lifecycleEvent" && type !== "begin");
    expect(outside).toEqual([
      { type: "productionTraffic", percent: 0 },
      { type: "setPrimary", to: "blue" },
      { type: "testTraffic", to: "blue" },
      { type: "wait", ms: 10_000, since: "now" },
    ]);
  });

  it("makes no task set and removes green", () => {
    expect(startRollback(plan).effects.map(({ type }) => type)).not.toContain("createGreen");
    expect(effects("RevertingTraffic", "timePassed")).toContainEqual({ type: "deleteTaskSet", colour: "green" });
  });
});
