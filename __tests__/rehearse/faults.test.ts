import { readFileSync } from "node:fs";
import { FAULTS, Faults, type FaultName } from "../../scripts/cloud/faults";
import { simulateValue, targetFault } from "../../scripts/rehearse/faults";

/** By default, at speed 20: what a service gets for each fault in its variable SIMULATE. */
const defaults = [
  { fault: "error", value: "error:0.5" },
  { fault: "slow", value: "slow:245" },
  { fault: "crash", value: "crash:220" },
  { fault: "unhealthy", value: "unhealthy:after=1" },
  { fault: "exit", value: "exit:after=4.5" },
  { fault: "broken-start", value: "broken-start" },
].map((each) => ({ ...each, rate: undefined, speed: 20 }));

describe("the faults of the rehearsal", () => {
  it("each have a row in docs/rehearsal.md", () => {
    const rows = [...readFileSync("docs/rehearsal.md", "utf8").matchAll(/^\| `([a-z-]+)[`:]/gm)].map(
      ([, name]) => name,
    );
    expect(rows).toEqual(expect.arrayContaining([...FAULTS]));
  });
});

describe("the fault that a service plays", () => {
  it.each([
    ...defaults,
    { fault: "error", rate: 0.05, speed: 20, value: "error:0.05" },
    { fault: "slow", rate: 0.25, speed: 1, value: "slow:3000,rate=0.25" },
    { fault: "crash", rate: 0.5, speed: 100, value: "crash:124,rate=0.5" },
    { fault: "unhealthy", rate: undefined, speed: 1, value: "unhealthy:after=20" },
  ] as { fault: FaultName; rate: number | undefined; speed: number; value: string }[])(
    "is $value for $fault at rate $rate and speed $speed",
    ({ fault, rate, speed, value }) => {
      expect(simulateValue(fault, rate, speed, 100)).toBe(value);
    },
  );
});

describe("the fault that the local cloud plays", () => {
  it.each(FAULTS)("%s: is one that it can play", (name) => {
    const faults = new Faults();
    faults.inject({ imageDigest: "sha256:a", fault: targetFault(name) });
    expect(faults.of("sha256:a")?.kind).toBe(name);
  });

  it("has the rate that was asked for, or its own", () => {
    expect([targetFault("error").rate, targetFault("error", 0.1).rate, targetFault("slow").rate]).toEqual([
      0.5, 0.1, 1,
    ]);
  });
});
