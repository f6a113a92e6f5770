import { Ajv } from "ajv";
import { parseGateArguments } from "../../scripts/gate/arguments";
import { agree, type CalibratedCell, calibrationTable, comparison } from "../../scripts/gate/calibrate";
import { CALIBRATION_CELLS, isPlayed, played } from "../../scripts/gate/calibration-cells";
import schema from "../../scripts/gate/calibration.schema.json";

const share = (value: number, half = 0) => ({ share: value, low: value - half, high: value + half });

describe("a simulated share and rehearsals", () => {
  it.each([
    // All or none, so that a single exception contradicts.
    { simulated: share(0), releases: 10, from: 0, to: 0 },
    { simulated: share(1), releases: 10, from: 10, to: 10 },
    // The quantiles of the binomial distribution of 10 and a half: 1 of 1,024 is more than 1 of 4,000.
    { simulated: share(0.5), releases: 10, from: 0, to: 10 },
    { simulated: share(0.5), releases: 20, from: 3, to: 17 },
    // The interval of the simulation counts as well.
    { simulated: share(0.5, 0.1), releases: 20, from: 1, to: 19 },
    { simulated: share(0.001), releases: 10, from: 0, to: 1 },
    { simulated: share(0.5), releases: 0, from: 0, to: 0 },
  ])("agree from $from to $to of $releases with $simulated", ({ simulated, releases, from, to }) => {
    const agreeing = Array.from({ length: releases + 1 }, (_, stopped) => stopped).filter(
      (stopped) => comparison(simulated, stopped, releases).agrees,
    );
    expect([agreeing[0], agreeing.at(-1), agreeing.length]).toEqual([from, to, to - from + 1]);
    expect(comparison(simulated, from, releases).explained).toEqual({ from, to });
  });
});

describe("the cells of a calibration", () => {
  it("are at least twelve that can be rehearsed, over several faults and traffics", () => {
    expect(CALIBRATION_CELLS.length).toBeGreaterThanOrEqual(12);
    expect(CALIBRATION_CELLS.every(isPlayed)).toBe(true);
    expect(new Set(CALIBRATION_CELLS.map(({ fault }) => fault)).size).toBeGreaterThanOrEqual(6);
    expect(new Set(CALIBRATION_CELLS.map(({ rps }) => rps)).size).toBeGreaterThanOrEqual(3);
  });

  it.each([
    [{ severity: 0, rps: 1 }, {}],
    [{ fault: "errors", severity: 0.1, rps: 1 }, { fault: { kind: "error", rate: 0.1 } }],
    [{ fault: "slow", severity: 2, rps: 1 }, { fault: { kind: "slow", seconds: 2 } }],
    [{ fault: "crash-later", severity: 1, rps: 1 }, { fault: { kind: "exit", afterSeconds: 240 } }],
    [
      { fault: "dependency-later", severity: 0.1, rps: 1 },
      { fault: { kind: "error", rate: 0.1 }, liveFault: { kind: "error", rate: 0.1 }, liveFaultAtShift: true },
    ],
    [{ fault: "broken-live", severity: 0.1, rps: 1 }, { liveFault: { kind: "error", rate: 0.1 } }],
    [{ fault: "leak", severity: 0.1, rps: 1 }, undefined],
    [{ fault: "crash-loop", severity: 0.5, rps: 1 }, undefined],
  ] as const)("of %j are played as %j", (cell, faults) => {
    expect(played(cell)).toEqual(faults);
  });
});

describe("the table of a calibration", () => {
  const cell = (changes: Partial<CalibratedCell> = {}): CalibratedCell => ({
    fault: "errors",
    severity: 0.05,
    rps: 1,
    beforeLastShift: comparison(share(0.5, 0.01), 9, 20),
    beforeOldIsGone: comparison(share(1), 20, 20),
    ...changes,
  });

  it("prints what was simulated, what it explains and what was rehearsed", () => {
    expect(calibrationTable("balanced", [cell()])).toBe(
      [
        "Gate balanced:",
        "",
        "fault       rps  stopped                % simulated       explained  rehearsed",
        "errors 5 %  1/s  before the last shift  50 (49 to 51)     2 to 18    9 of 20    agree",
        "                 until the old is gone  100 (100 to 100)  20 to 20   20 of 20   agree",
        "",
        "In all 1 cells, the rehearsals agree with the simulation.",
      ].join("\n"),
    );
  });

  it("names the figures that disagree", () => {
    const wrong = cell({ beforeOldIsGone: comparison(share(1), 19, 20) });
    expect([agree(cell()), agree(wrong)]).toEqual([true, false]);
    const lines = calibrationTable("balanced", [cell(), wrong]);
    expect(lines).toMatch(/19 of 20 +DISAGREE/);
    expect(lines).toContain("In 1 of 2 cells, the rehearsals contradict the simulation.");
  });
});

describe("the report of a calibration", () => {
  it("is as its JSON schema says", () => {
    const isValid = new Ajv({ allErrors: true }).compile(schema);
    const compared = { beforeLastShift: comparison(share(0.5), 3, 9), beforeOldIsGone: comparison(share(1), 9, 9) };
    const cells = [
      { fault: "errors", severity: 0.1, rps: 0.5, ...compared },
      { severity: 0, rps: 5, ...compared },
    ];
    expect(isValid({ calibrations: [{ name: "balanced", cells }] }) || isValid.errors).toBe(true);
    expect(isValid({ calibrations: [{ name: "balanced", cells: [{ severity: 0, rps: 5 }] }] })).toBe(false);
  });
});

describe("npm run gate -- --calibrate", () => {
  function reading(line: string) {
    let said = "";
    const parsed = parseGateArguments(line.split(" "), { out: () => undefined, err: (text) => (said += text) });
    return { calibrate: "arguments" in parsed ? parsed.arguments.calibrate : parsed, said };
  }

  it("rehearses the usual cells, or those of the faults, severities and traffic that are given", () => {
    expect(reading("--calibrate").calibrate).toEqual({ cells: CALIBRATION_CELLS, runs: 10 });
    expect(reading("--calibrate --runs 3").calibrate).toEqual({ cells: CALIBRATION_CELLS, runs: 3 });
    expect(reading("--calibrate --fault errors --severity 0.1,0.2 --rps 1,2").calibrate).toMatchObject({
      cells: [
        { fault: "errors", severity: 0.1, rps: 1 },
        { fault: "errors", severity: 0.1, rps: 2 },
        { fault: "errors", severity: 0.2, rps: 1 },
        { fault: "errors", severity: 0.2, rps: 2 },
      ],
    });
    expect(reading("--calibrate --fault broken-live").calibrate).toMatchObject({
      cells: [{ fault: "broken-live", severity: 0.1, rps: 1 }],
    });
    const { calibrate } = reading("--calibrate --rps 300");
    expect(calibrate).toMatchObject({ cells: expect.arrayContaining([{ severity: 0, rps: 300 }]) as object });
    expect(reading("--rps 300").calibrate).toBeUndefined();
  });

  it.each([
    ["--calibrate --rps 1000", "1000 is too much for --calibrate, which sends every request; it takes at most 300"],
    ["--calibrate --fault leak", "the local cloud does not play --fault leak"],
    ["--calibrate --fault crash-loop --severity 0.5", "does not play --fault crash-loop with the severity 0.5"],
    ["--calibrate --html gate.html", "option '--calibrate' prints a table of its own"],
    ["--calibrate --svg pictures", "it doesn't go with --html and --svg"],
    ["--calibrate --runs 0", "It must be a whole number from 1 to"],
  ])("refuses %s with 64", (line, words) => {
    expect(reading(line)).toEqual({ calibrate: { exitCode: 64 }, said: expect.stringContaining(words) as string });
  });
});
