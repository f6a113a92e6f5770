import { nextDelay } from "../../scripts/release/backoff";
import { patienceMinutes, shiftMinutesOf, waitsOf } from "../../scripts/release/patience";

describe("the delay before the next look", () => {
  it.each([
    ["early", 0, 4_500],
    ["in the middle", 0.5, 5_000],
    ["late", 0.999_999, 5_500],
  ])("is the interval give or take a tenth: %s", (_, random, expected) => {
    expect(nextDelay(5_000, 0, random)).toBeCloseTo(expected, -1);
  });

  it("doubles with each failure, half of it left to chance", () => {
    expect([1, 2, 3].map((failures) => nextDelay(1_000, failures, 0))).toEqual([1_000, 2_000, 4_000]);
    expect([1, 2, 3].map((failures) => nextDelay(1_000, failures, 0.5))).toEqual([1_500, 3_000, 6_000]);
  });

  it("is never longer than twelve intervals", () => {
    expect(nextDelay(5_000, 4, 0.999)).toBeLessThanOrEqual(60_000);
    expect(nextDelay(5_000, 1_000, 0.999)).toBeLessThanOrEqual(60_000);
  });
});

describe("the patience of the watch", () => {
  const canary = { type: "TimeBasedCanary", timeBasedCanary: { canaryPercentage: 10, canaryInterval: 5 } } as const;

  it.each([
    ["all at once", { type: "AllAtOnce" } as const, 0],
    ["a canary", canary, 5],
    [
      "a linear shift",
      { type: "TimeBasedLinear", timeBasedLinear: { linearPercentage: 10, linearInterval: 3 } } as const,
      27,
    ],
    ["a canary without its interval", { type: "TimeBasedCanary", timeBasedCanary: {} } as const, 60],
    ["a linear shift of 0 %", { type: "TimeBasedLinear", timeBasedLinear: { linearPercentage: 0 } } as const, 60],
    ["an unknown strategy", undefined, 60],
  ])("knows the length of %s", (_, routing, minutes) => {
    expect(shiftMinutesOf(routing)).toBe(minutes);
  });

  it("adds the limit for steady tasks, the shift, the waits and a margin", () => {
    expect(patienceMinutes({ routing: canary, terminationWaitMinutes: 5, readyWaitMinutes: 10 })).toBe(
      60 + 5 + 5 + 10 + 30,
    );
  });

  it.each([
    ["a group without the setting", {}],
    ["a termination without its minutes", { terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE" } }],
    ["a manual continuation without its minutes", { deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT" } }],
  ] as const)("is finite for %s", (_, blueGreenDeploymentConfiguration) => {
    const minutes = patienceMinutes({ routing: undefined, ...waitsOf({ blueGreenDeploymentConfiguration }) });
    expect(minutes).toBeGreaterThan(60);
    expect(Number.isFinite(minutes)).toBe(true);
  });

  it("does not wait for an old task set that is kept alive", () => {
    const kept = { terminateBlueInstancesOnDeploymentSuccess: { action: "KEEP_ALIVE" as const } };
    const waits = waitsOf({ blueGreenDeploymentConfiguration: kept });
    expect(patienceMinutes({ routing: canary, ...waits })).toBe(60 + 5 + 30);
  });
});
