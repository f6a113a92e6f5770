import { timeLimitMinutes, shiftMinutesOf, waitsOf } from "../../scripts/release/time-limit";

describe("the time limit of the watch", () => {
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
    expect(timeLimitMinutes({ routing: canary, terminationWaitMinutes: 5, readyWaitMinutes: 10 })).toBe(
      60 + 5 + 5 + 10 + 30,
    );
  });

  it.each([
    ["a group without the setting", {}],
    ["a termination without its minutes", { terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE" } }],
    ["a manual continuation without its minutes", { deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT" } }],
  ] as const)("is finite for %s", (_, blueGreenDeploymentConfiguration) => {
    const minutes = timeLimitMinutes({ routing: undefined, ...waitsOf({ blueGreenDeploymentConfiguration }) });
    expect(minutes).toBeGreaterThan(60);
    expect(Number.isFinite(minutes)).toBe(true);
  });

  it("does not wait for an old task set that is kept alive", () => {
    const kept = { terminateBlueInstancesOnDeploymentSuccess: { action: "KEEP_ALIVE" as const } };
    const waits = waitsOf({ blueGreenDeploymentConfiguration: kept });
    expect(timeLimitMinutes({ routing: canary, ...waits })).toBe(60 + 5 + 30);
  });
});
