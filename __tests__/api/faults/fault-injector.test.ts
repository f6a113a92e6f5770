import type { Fault } from "../../../api/src/faults/fault";
import { effectOf, FaultInjector } from "../../../api/src/faults/fault-injector";

/** Gives these numbers, one a call. */
function numbers(...values: number[]): () => number {
  return () => values.shift() ?? Number.NaN;
}

const none = { kind: "none" };
const error = { kind: "error" };

describe("the effect of a fault on a task request", () => {
  it.each<[string, Fault | undefined, number[], object]>([
    ["nothing without a fault", undefined, [], none],
    ["an error, within its rate", { name: "error", rate: 0.5 }, [0.49], error],
    ["nothing, beyond the rate of errors", { name: "error", rate: 0.5 }, [0.5], none],
    ["always an error at rate 1", { name: "error", rate: 1 }, [0.999_999], error],
    ["never an error at rate 0", { name: "error", rate: 0 }, [0], none],
    ["a delay, within its rate", { name: "slow", ms: 150, rate: 0.2 }, [0.1], { kind: "slow", ms: 150 }],
    ["no delay, beyond its rate", { name: "slow", ms: 150, rate: 0.2 }, [0.2], none],
    ["nothing, beyond the rate of the crash mode", { name: "crash", ms: 125, rate: 0.5 }, [0.5], none],
    ["an error in one half of the crash mode", { name: "crash", ms: 125, rate: 1 }, [0.3, 0.49], error],
    ["a delay in its other half", { name: "crash", ms: 125, rate: 1 }, [0.3, 0.5], { kind: "slow", ms: 125 }],
    ["nothing when only the health is bad", { name: "unhealthy", after: 0 }, [], none],
    ["nothing before the process dies", { name: "exit", after: 10 }, [], none],
  ])("is %s", (_what, fault, random, expected) => {
    expect(effectOf(fault, numbers(...random))).toEqual(expected);
  });
});

describe("the fault injector", () => {
  const at = (seconds: number, fault?: Fault) => new FaultInjector(fault, () => seconds, numbers(0.1, 0.1, 0.1));

  it("makes health fail from the second that the environment names", () => {
    const fault: Fault = { name: "unhealthy", after: 60 };
    expect(at(59.9, fault).isUnhealthy()).toBe(false);
    expect(at(60, fault).isUnhealthy()).toBe(true);
  });

  it("overrides the environment by the switch, both on and off", () => {
    const unhealthy = at(100, { name: "unhealthy", after: 60 });
    unhealthy.setUnhealthy(false);
    expect(unhealthy.isUnhealthy()).toBe(false);
    const healthy = at(0);
    healthy.setUnhealthy(true);
    expect(healthy.isUnhealthy()).toBe(true);
  });

  it("turns the crash mode on and off", () => {
    const injector = at(0);
    expect(injector.effectOnTaskRequest()).toEqual(none);
    injector.setCrash(true);
    expect(injector.effectOnTaskRequest()).toEqual(error);
    injector.setCrash(false);
    expect(injector.effectOnTaskRequest()).toEqual(none);
  });

  it("ends a fault from the environment when the crash mode is turned off", () => {
    const injector = at(0, { name: "error", rate: 1 });
    expect(injector.effectOnTaskRequest()).toEqual(error);
    injector.setCrash(false);
    expect(injector.effectOnTaskRequest()).toEqual(none);
  });

  it.each([
    ["error", 0.9, error],
    ["slow", 0.1, { kind: "slow", ms: 2500 }],
    [undefined, 0.4, error],
    [undefined, 0.5, { kind: "slow", ms: 2500 }],
  ] as const)("answers one request badly, mode %s and chance %d", (mode, chance, expected) => {
    expect(new FaultInjector(undefined, () => 0, numbers(chance)).effectOnErrorRoute(mode)).toEqual(expected);
  });
});
