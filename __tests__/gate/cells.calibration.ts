import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import { agree, calibrate, type CalibrationInput, calibrationTable } from "../../scripts/gate/calibrate";
import { CALIBRATION_CELLS } from "../../scripts/gate/calibration-cells";
import type { NamedTemplate } from "../../scripts/gate/subjects";
import { synthesizedGates } from "./synthesized-gates";

let gate: NamedTemplate;
beforeAll(async () => ([gate] = (await synthesizedGates("balanced")) as [NamedTemplate]), 120_000);

const calibrated = (changes: Pick<CalibrationInput, "cells" | "runs"> & Partial<CalibrationInput>) =>
  calibrate({
    ...gate,
    watched: "new",
    normalBad: 0.001,
    slowSeconds: 1.5,
    latency: { median: 0.1, p99: 0.5 },
    seed: 1,
    settings: DEFAULT_SETTINGS,
    signal: new AbortController().signal,
    onRehearsed: () => undefined,
    ...changes,
  });

describe("rehearsed releases", () => {
  it("agree with the simulation in each cell", async () => {
    const cells = await calibrated({ cells: CALIBRATION_CELLS, runs: 3 });
    expect(cells.length).toBeGreaterThanOrEqual(12);
    expect(cells.every(({ beforeLastShift }) => beforeLastShift.releases === 3)).toBe(true);
    const wrong = cells.filter((cell) => !agree(cell));
    // The table of a failed test says more than the numbers.
    expect(wrong.length === 0 ? "" : calibrationTable(gate.name, wrong)).toBe("");
  }, 600_000);

  it("contradict a simulation with metrics that come too late", async () => {
    const settings = { ...DEFAULT_SETTINGS, metricDelaySeconds: 400 };
    const cells = [{ fault: "errors", severity: 0.5, rps: 2 } as const];
    const [cell] = await calibrated({ cells, runs: 4, settings });
    expect(cell?.beforeLastShift).toMatchObject({ simulated: { share: 0 }, stopped: 4, agrees: false });
    expect(cell?.beforeOldIsGone).toMatchObject({ stopped: 4 });
  }, 300_000);
});
