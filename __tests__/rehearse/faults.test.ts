import { simulateValue } from "../../scripts/rehearse/faults";

describe("the fault given to the new version", () => {
  it.each([
    { fault: "error", rate: undefined, speed: 20, value: "error:0.5" },
    { fault: "error", rate: 0.05, speed: 20, value: "error:0.05" },
    { fault: "slow", rate: undefined, speed: 20, value: "slow:245" },
    { fault: "slow", rate: 0.25, speed: 1, value: "slow:3000,rate=0.25" },
    { fault: "crash", rate: undefined, speed: 20, value: "crash:220" },
    { fault: "crash", rate: 0.5, speed: 100, value: "crash:124,rate=0.5" },
    { fault: "unhealthy", rate: undefined, speed: 1, value: "unhealthy:after=20" },
    { fault: "unhealthy", rate: undefined, speed: 20, value: "unhealthy:after=1" },
    { fault: "exit", rate: undefined, speed: 20, value: "exit:after=4.5" },
    { fault: "broken-start", rate: undefined, speed: 20, value: "broken-start" },
  ] as const)("is $value for $fault at rate $rate and speed $speed", ({ fault, rate, speed, value }) => {
    expect(simulateValue(fault, rate, speed, 100)).toBe(value);
  });
});
