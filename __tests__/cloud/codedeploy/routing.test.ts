import { routingOf, stepsOf } from "../../../scripts/cloud/codedeploy/routing";

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
