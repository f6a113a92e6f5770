import { failsMoreThanControl, isSignificantlyWorse } from "../../../scripts/rehearse/judgement/significance";

describe("a sample compared with a control", () => {
  it.each([
    { bad: 0, total: 100, controlBad: 0, controlTotal: 100, worse: false },
    { bad: 0, total: 100, controlBad: 50, controlTotal: 100, worse: false },
    { bad: 50, total: 100, controlBad: 50, controlTotal: 100, worse: false },
    { bad: 60, total: 100, controlBad: 50, controlTotal: 100, worse: false },
    { bad: 75, total: 100, controlBad: 50, controlTotal: 100, worse: true },
    { bad: 100, total: 100, controlBad: 0, controlTotal: 3, worse: true },
    { bad: 31, total: 3187, controlBad: 5, controlTotal: 480, worse: false },
    { bad: 319, total: 3187, controlBad: 5, controlTotal: 480, worse: true },
    { bad: 3, total: 3, controlBad: 0, controlTotal: 1, worse: false },
    { bad: 40_000, total: 100_000, controlBad: 39_000, controlTotal: 100_000, worse: true },
    { bad: 5, total: 10, controlBad: 0, controlTotal: 0, worse: false },
  ])("$bad of $total against $controlBad of $controlTotal is worse: $worse", (row) => {
    const sample = { bad: row.bad, total: row.total };
    expect(isSignificantlyWorse(sample, { bad: row.controlBad, total: row.controlTotal })).toBe(row.worse);
  });

  it("needs one failure alone where there is none otherwise", () => {
    expect(failsMoreThanControl({ bad: 1, total: 3000 }, { bad: 0, total: 480 })).toBe(true);
    expect(failsMoreThanControl({ bad: 0, total: 3000 }, { bad: 0, total: 480 })).toBe(false);
    expect(failsMoreThanControl({ bad: 1, total: 3000 }, { bad: 1, total: 480 })).toBe(false);
  });
});
