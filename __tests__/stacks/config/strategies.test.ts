import {
  predefinedConfigName,
  PREDEFINED_STRATEGIES,
  shapeOf,
  shapeOfPredefined,
  shareAt,
  shiftMinutes,
  shiftTimes,
  type PredefinedStrategy,
  type StrategyShape,
} from "../../../stacks/config/strategies";
import { canary, linear } from "../strategy-shapes";

const ALL: StrategyShape = { type: "all-at-once" };

describe("the share of the traffic on the new version", () => {
  it.each([
    [ALL, 0, 100],
    [canary(10, 5), 4, 10],
    [canary(10, 5), 5, 100],
    [linear(10, 1), 0, 10],
    [linear(10, 1), 3, 40],
    [linear(30, 2), 6, 100],
    [linear(30, 2), 100, 100],
  ])("of %j after %i minutes is %i", (shape, minute, share) => expect(shareAt(shape, minute)).toBe(share));

  it.each([
    [ALL, [0]],
    [canary(10, 5), [0, 5]],
    [linear(30, 2), [0, 2, 4, 6]],
    [linear(50, 3), [0, 3]],
  ])("of %j changes at minutes %j", (shape, minutes) => expect(shiftTimes(shape)).toEqual(minutes));
});

describe("the length of the shift", () => {
  it.each([
    [ALL, 0],
    [canary(10, 5), 5],
    [linear(10, 3), 27],
    [linear(30, 2), 6],
  ])("of %j is %i minutes", (shape, minutes) => expect(shiftMinutes(shape)).toBe(minutes));
});

describe("the strategy in numbers", () => {
  it("is that of a predefined one's name, or the custom one itself", () => {
    expect(shapeOf("ECSCanary10Percent5Minutes")).toEqual(canary(10, 5));
    const custom = { type: "linear", percentage: 30, intervalMinutes: 2 } as const;
    expect(shapeOf(custom)).toBe(custom);
  });
});

describe("a predefined deployment config", () => {
  it.each(Object.keys(PREDEFINED_STRATEGIES) as PredefinedStrategy[])("%s is known by its name", (strategy) => {
    expect(shapeOfPredefined(predefinedConfigName(strategy))).toBe(PREDEFINED_STRATEGIES[strategy]);
  });

  it.each([
    "CodeDeployDefault.LambdaAllAtOnce",
    "ECSAllAtOnce",
    "CodeDeployCustom__ECSAllAtOnce",
    "carts-api-staging-canary",
  ])("%s is none for ECS", (name) => expect(shapeOfPredefined(name)).toBeUndefined());
});
