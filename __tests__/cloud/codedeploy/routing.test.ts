import { predefinedRoutings, routingOf, stepsOf } from "../../../scripts/cloud/codedeploy/routing";
import type { TrafficRouting } from "../../../scripts/cloud/template";
import {
  predefinedConfigName,
  PREDEFINED_STRATEGIES,
  shapeOfPredefined,
  shareAt,
  shiftTimes,
  type PredefinedStrategy,
  type StrategyShape,
} from "../../../stacks/config/strategies";

const minutes = (count: number) => count * 60_000;

describe("the steps of a strategy", () => {
  it("is one step for all at once", () => {
    expect(stepsOf({ type: "AllAtOnce" })).toEqual([{ percent: 100, waitMs: 0 }]);
  });

  it("is a share, a wait and the rest for a canary", () => {
    expect(stepsOf({ type: "TimeBasedCanary", percentage: 10, intervalMinutes: 5 })).toEqual([
      { percent: 10, waitMs: minutes(5) },
      { percent: 100, waitMs: 0 },
    ]);
  });

  it("is equal steps for a linear strategy", () => {
    const steps = stepsOf({ type: "TimeBasedLinear", percentage: 10, intervalMinutes: 1 });
    expect(steps.map(({ percent }) => percent)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(steps.slice(0, -1).every(({ waitMs }) => waitMs === minutes(1))).toBe(true);
  });

  it("makes the last linear step smaller when the percentage doesn't divide 100", () => {
    const steps = stepsOf({ type: "TimeBasedLinear", percentage: 30, intervalMinutes: 3 });
    expect(steps.map(({ percent }) => percent)).toEqual([30, 60, 90, 100]);
  });
});

describe("the config of a name", () => {
  it.each([
    ["CodeDeployDefault.ECSAllAtOnce", { type: "AllAtOnce" }],
    ["CodeDeployDefault.ECSCanary10Percent5Minutes", { type: "TimeBasedCanary", percentage: 10, intervalMinutes: 5 }],
    ["CodeDeployDefault.ECSCanary10Percent15Minutes", { type: "TimeBasedCanary", percentage: 10, intervalMinutes: 15 }],
    [
      "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
      { type: "TimeBasedLinear", percentage: 10, intervalMinutes: 1 },
    ],
    [
      "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
      { type: "TimeBasedLinear", percentage: 10, intervalMinutes: 3 },
    ],
  ])("knows %s", (name, routing) => {
    expect(routingOf(name, [])).toEqual(routing);
  });

  it("finds a custom one", () => {
    expect(routingOf("mine", [{ name: "mine", routing: { type: "AllAtOnce" } }])).toEqual({ type: "AllAtOnce" });
  });

  it("finds nothing under a name that is only a property of every object", () => {
    expect(routingOf("toString", [])).toBeUndefined();
  });
});

/** A strategy of the configuration in CodeDeploy's terms. */
function routingOfShape(shape: StrategyShape): TrafficRouting {
  if (shape.type === "all-at-once") return { type: "AllAtOnce" };
  const { percentage, intervalMinutes } = shape;
  return { type: shape.type === "canary" ? "TimeBasedCanary" : "TimeBasedLinear", percentage, intervalMinutes };
}

describe("the strategies of the configuration and those of the local cloud", () => {
  it("are the same predefined ones", () => {
    const ours = (Object.keys(PREDEFINED_STRATEGIES) as PredefinedStrategy[]).map(predefinedConfigName);
    expect(predefinedRoutings().map(([name]) => name)).toEqual(ours);
    for (const [name, routing] of predefinedRoutings()) {
      expect(routing).toEqual(routingOfShape(shapeOfPredefined(name) ?? { type: "all-at-once" }));
    }
  });

  it.each<StrategyShape>([
    ...Object.values(PREDEFINED_STRATEGIES),
    { type: "canary", percentage: 25, intervalMinutes: 7 },
    ...Array.from({ length: 99 }, (_, i) => ({ type: "linear" as const, percentage: i + 1, intervalMinutes: 3 })),
  ])("shift the same shares at the same times: %j", (shape) => {
    let minute = 0;
    const shifts = stepsOf(routingOfShape(shape)).map(({ percent, waitMs }) => {
      const shift = { minute, percent };
      minute += waitMs / minutes(1);
      return shift;
    });
    expect(shifts).toEqual(shiftTimes(shape).map((at) => ({ minute: at, percent: shareAt(shape, at) })));
  });
});
