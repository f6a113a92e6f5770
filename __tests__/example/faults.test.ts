import { readFileSync } from "node:fs";
import { FAULT_NAMES, parseFault, type Fault } from "../../api/src/faults/fault";
import { FaultInjector } from "../../api/src/faults/fault-injector";
import { FAULTS, type FaultName } from "../../scripts/cloud/faults";
import { simulateValue } from "../../scripts/rehearse/faults";

/** The effects of each fault on 400 task requests, by default. */
const EFFECTS: Readonly<Record<FaultName, Readonly<Record<string, number>>>> = {
  error: { error: 200, none: 200 },
  slow: { slow: 400 },
  crash: { error: 200, slow: 200 },
  unhealthy: { none: 400 },
  exit: { none: 400 },
  "broken-start": { none: 400 },
};
const defaults = FAULTS.map((fault) => ({ fault, rate: undefined, effects: EFFECTS[fault] }));

describe("the faults of the rehearsal", () => {
  it("are those of the API", () => {
    expect([...FAULTS].sort()).toEqual([...FAULT_NAMES].sort());
  });

  it("each have a row in api/README.md", () => {
    const rows = [...readFileSync("api/README.md", "utf8").matchAll(/^\| `([a-z-]+)[`:]/gm)].map(([, name]) => name);
    expect(rows).toEqual(expect.arrayContaining([...FAULTS]));
  });
});

describe("the API with the fault of a rehearsal", () => {
  /** The fault as the API reads it from its environment. */
  const read = (name: FaultName, rate?: number): Fault => {
    const parsed = parseFault(simulateValue(name, rate, 20, 100));
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.fault;
  };
  it.each([1, 0.3, 1e-6, 1e-7, 1.5e-7, 1e-20, 5e-324])("accepts the rate %d", (rate) => {
    for (const name of ["error", "slow", "crash"] as const) {
      const fault = read(name, rate);
      expect("rate" in fault && fault.rate).toBeCloseTo(rate, 15);
    }
  });

  /** The number of each kind of effect, over random numbers of 0, 0.05, … 0.95. */
  const effectsOf = (fault: Fault) => {
    const chances = Array.from({ length: 20 }, (_, index) => index / 20);
    const counts: Record<string, number> = {};
    for (const isBad of chances) {
      for (const isError of chances) {
        const draws = [isBad, isError];
        const { kind } = new FaultInjector(
          fault,
          () => 0,
          () => draws.shift() ?? Number.NaN,
        ).effectOnTaskRequest();
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
    }
    return counts;
  };

  it.each([
    ...defaults,
    { fault: "error", rate: 0.25, effects: { error: 100, none: 300 } },
    { fault: "slow", rate: 0.25, effects: { slow: 100, none: 300 } },
    { fault: "crash", rate: 0.5, effects: { error: 100, slow: 100, none: 200 } },
  ] as const)("$fault at rate $rate: of 400 task requests $effects", ({ fault, rate, effects }) => {
    expect(effectsOf(read(fault, rate))).toEqual(effects);
  });

  it.each([
    { name: "slow", ms: 245 },
    { name: "crash", ms: 220 },
  ] as const)("$name: a slow response takes $ms ms longer", ({ name, ms }) => {
    const draws = [0, 0.5];
    const injector = new FaultInjector(
      read(name),
      () => 0,
      () => draws.shift() ?? Number.NaN,
    );
    expect(injector.effectOnTaskRequest()).toEqual({ kind: "slow", ms });
  });

  it.each(FAULTS)("%s: health checks fail only with a fault of the health, and only after its delay", (name) => {
    const isUnhealthyAt = (seconds: number) => new FaultInjector(read(name), () => seconds).isUnhealthy();
    expect(isUnhealthyAt(0.9)).toBe(false);
    expect(isUnhealthyAt(1)).toBe(name === "unhealthy");
  });

  it.each(FAULTS)("%s: has the fault of that name", (name) => expect(read(name).name).toBe(name));
});
