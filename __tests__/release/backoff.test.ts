import { nextDelay } from "../../scripts/release/backoff";

describe("the delay before the next poll", () => {
  it.each([
    ["early", 0, 4_500],
    ["in the middle", 0.5, 5_000],
    ["late", 0.999_999, 5_500],
  ])("is the interval with a jitter of a tenth: %s", (_, random, expected) => {
    expect(nextDelay(5_000, 0, random)).toBeCloseTo(expected, -1);
  });

  it("doubles with each failure, half of it random", () => {
    expect([1, 2, 3].map((failures) => nextDelay(1_000, failures, 0))).toEqual([1_000, 2_000, 4_000]);
    expect([1, 2, 3].map((failures) => nextDelay(1_000, failures, 0.5))).toEqual([1_500, 3_000, 6_000]);
  });

  it("is never longer than twelve intervals", () => {
    expect(nextDelay(5_000, 4, 0.999)).toBeLessThanOrEqual(60_000);
    expect(nextDelay(5_000, 1_000, 0.999)).toBeLessThanOrEqual(60_000);
  });
});
