import { moreExposedAt } from "../../scripts/plan/rules/strategy";
import type { StrategyShape } from "../../stacks/config/strategies";
import { canary, linear } from "../stacks/strategy-shapes";

const ALL: StrategyShape = { type: "all-at-once" };

describe("one strategy after another", () => {
  it.each([
    ["all at once", canary(10, 5), ALL, 0],
    ["a larger first share", canary(10, 5), canary(20, 5), 0],
    ["a shorter wait", canary(10, 15), canary(10, 5), 5],
    ["linear instead of a canary that waits longer", canary(10, 5), linear(10, 1), 1],
    ["a canary instead of linear, which jumps at its end", linear(10, 3), canary(10, 5), 5],
    ["a larger step", linear(10, 3), linear(20, 3), 0],
  ])("exposes more: %s", (_what, before, after, minute) => expect(moreExposedAt(before, after)).toBe(minute));

  it.each([
    ["the same", canary(10, 5), canary(10, 5)],
    ["a longer wait", canary(10, 5), canary(10, 15)],
    ["small steps instead of a jump", canary(10, 5), linear(5, 5)],
    ["anything after all at once", ALL, linear(50, 1)],
  ])("doesn't expose more: %s", (_what, before, after) => expect(moreExposedAt(before, after)).toBeUndefined());
});
