import { Ajv } from "ajv";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import { parseGateArguments } from "../../scripts/gate/arguments";
import schema from "../../scripts/gate/gate.schema.json";
import { readHistory } from "../../scripts/gate/history/read";
import { judgeGates } from "../../scripts/gate/judge-gates";
import type { OwnAlarms } from "../../scripts/gate/own-alarms";
import type { PerformAll } from "../../scripts/gate/pool";
import { pageOf } from "../../scripts/gate/report/page";
import { configWith } from "../../scripts/gate/subjects";
import { limited } from "./gates";
import { answer, DAY, type TrafficAt } from "./history/data";
import { FIXTURE_SOURCE } from "./synthesized-gates";

const isValid = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** A simulation in which bad releases are caught and good ones are not stopped. */
const caughtAll: PerformAll = (input, tasks) =>
  Promise.resolve(
    tasks.map((task) => {
      if (task.kind !== "cell") return { kind: "found", found: input.gates.map(() => 1) };
      const { first: releases } = task.runs;
      const stopped = task.cell.fault === undefined ? 0 : releases;
      const tally = {
        releases,
        beforeLastShift: stopped,
        beforeOldIsGone: stopped,
        secondsToRollback: [],
        failedRequests: 0,
        oracle: stopped,
      };
      return { kind: "cell", result: { cell: task.cell, gates: input.gates.map(() => tally) } };
    }),
  );

function argumentsOf(...argv: readonly string[]) {
  const parsed = parseGateArguments(["--fault", "errors", "--severity", "0.1", "--runs", "10", ...argv], {
    out: () => undefined,
    err: (text) => {
      throw new Error(text);
    },
  });
  if (!("arguments" in parsed)) throw new Error("nothing is to be judged");
  return parsed.arguments;
}

/** Judges the gates of the configuration with a history of a day. */
async function judged(
  at: (minute: number) => TrafficAt,
  argv: readonly string[],
  own?: OwnAlarms,
  perform: PerformAll = caughtAll,
) {
  const history = readHistory(answer(DAY, at), "FILE");
  const inputs: Parameters<PerformAll>[0][] = [];
  const page = await judgeGates(argumentsOf("--from", "history.json", ...argv), {
    config: configWith(FIXTURE_SOURCE, {}),
    source: FIXTURE_SOURCE,
    past: { read: () => Promise.resolve(history), discard: () => undefined },
    own,
    profile: undefined,
    settings: DEFAULT_SETTINGS,
    perform: (input, ...rest) => {
      inputs.push(input);
      return perform(input, ...rest);
    },
    progress: { show: () => undefined, count: () => undefined, end: () => undefined },
  });
  expect(isValid(JSON.parse(JSON.stringify(page.report))) || isValid.errors).toBe(true);
  expect(pageOf(page)).not.toMatch(/NaN|Infinity|undefined/);
  return { ...page, inputs };
}

describe("a recommendation from the traffic of the past", () => {
  it("is for the median hour, and for the share of requests that fails there", async () => {
    // Quiet for eight hours, busy for eight.
    const rpsOf = (minute: number) => [0.2, 6, 40][Math.floor(minute / 480)] ?? 0;
    const { report, inputs } = await judged((minute) => ({ rps: rpsOf(minute), failed: 0.004 }), ["--recommend"]);
    const { recommendation, history } = report;
    expect(recommendation?.goal).toMatchObject({ badShare: 0.05, probability: 0.95, falseStops: 0.001 });
    expect(recommendation?.goal.rps).toBeCloseTo(6, 0);
    const failed = history?.normal.failedShare ?? 0;
    expect(failed).toBeCloseTo(0.004, 3);
    // A gate that takes 0.1 % as normal would stop good releases of this service.
    const normal = recommendation?.found?.settings.gate.normalBadShare ?? 0;
    expect(normal).toBeGreaterThanOrEqual(failed);
    expect(normal).toBeCloseTo(0.004, 3);
    // It is simulated with the service's traffic.
    expect(inputs.map(({ traffic }) => traffic.normalBad)).toEqual([failed, failed]);
    expect(inputs.map(({ traffic }) => traffic.latency)).toEqual(inputs.map(() => ({ median: 0.1, p99: 0.4 })));
  });

  it("is for the traffic and the share of failures that the command line says", async () => {
    const { report } = await judged(
      () => ({ rps: 6, failed: 0.004 }),
      [...["--recommend", "--rps", "20", "--normal-bad", "0.0005", "--catch", "10%"]],
    );
    expect(report.recommendation?.goal).toMatchObject({ badShare: 0.1, rps: 20 });
    expect(report.recommendation?.found?.settings.gate.normalBadShare).toBe(0.001);
  });

  it("says what would be needed when the service has too little traffic", async () => {
    const { report } = await judged(() => ({ rps: 0.01 }), ["--recommend"]);
    expect(report.recommendation).toMatchObject({ found: null, contradicted: 0 });
    expect(report.recommendation?.needed?.rps).toBeGreaterThan(0.01);
  });

  it("is refused where as much fails anyway as is to be caught, before anything is simulated", async () => {
    const performed: unknown[] = [];
    const never: PerformAll = (_, tasks) => {
      performed.push(...tasks);
      return Promise.resolve([]);
    };
    await expect(judged(() => ({ rps: 6, failed: 0.2 }), ["--recommend"], undefined, never)).rejects.toThrow(
      /--catch 0\.05: must be more than the share of requests that fails anyway \(0\.[12]\d+\)/,
    );
    expect(performed).toEqual([]);
  });
});

describe("the figures of a service in trouble", () => {
  it("are given when every request fails", async () => {
    const { report } = await judged(() => ({ rps: 5, failed: 1 }), []);
    expect(report.history?.normal.failedShare).toBe(1);
    expect(report.history?.gates[0]?.falseStops.share).toBe(1);
    // No gate can take all failures as normal.
    expect(report.history?.advice[0]?.normalBadShare).toBe(0.1);
    expect(report.history?.advice[0]?.releaseHours).toEqual([]);
  });

  it("are given when there are a few requests only", async () => {
    const { report } = await judged((minute) => ({ rps: minute % 700 === 100 ? 0.05 : 0 }), ["--recommend"]);
    expect(report.history?.requests).toBeGreaterThan(0);
    expect(report.history?.requests).toBeLessThan(30);
    expect(report.history?.advice[0]).toMatchObject({ normalBadShare: null, releaseHours: [], canaryMinutes: null });
    expect(report.recommendation?.found).toBeNull();
  });
});

describe("the alarms of a service", () => {
  const own = (name: string): OwnAlarms => ({
    read: () =>
      Promise.resolve({ gate: { ...limited(name), leftOut: [] }, source: "a file", notices: ["own: a notice"] }),
  });

  it("are judged alone, unless other gates are named", async () => {
    const alone = await judged(() => ({ rps: 5 }), [], own("own alarms"));
    expect(alone.report.gates.map(({ name }) => name)).toEqual(["own alarms"]);
    expect(alone.notices).toContain("own: a notice");
    expect(alone.facts).toContainEqual(["Own alarms", "a file"]);
    expect(alone.facts.map(([name]) => name)).not.toContain("Gates");
    const both = await judged(() => ({ rps: 5 }), ["--compare", "balanced"], own("own alarms"));
    expect(both.report.gates.map(({ name }) => name)).toEqual(["own alarms", "balanced"]);
    expect(both.report.history?.gates.map(({ name }) => name)).toEqual(["own alarms", "balanced"]);
    expect(both.facts).toContainEqual(["Gates", "balanced"]);
  });

  it("are not mixed up with a file of the same name", async () => {
    await expect(judged(() => ({ rps: 5 }), ["--compare", "own alarms"], own("own alarms"))).rejects.toThrow(
      "--compare own alarms: the alarms of the service are called so; rename the file",
    );
  });
});

describe("the profile of the past", () => {
  it("is the average day in the time zone, with its mean as the traffic", async () => {
    const byDay = (minute: number) => ({ rps: minute < 720 ? 2 : 10 });
    const argv = ["--profile", "history", "--time-zone", "Asia/Tokyo"];
    const { report, inputs, facts } = await judged(byDay, argv);
    expect(report.profile).toMatchObject({ name: "history", minutesOfPart: 60 });
    expect(report.gates[0]?.falseStops.map(({ rps }) => rps)).toEqual([expect.closeTo(6, 0)]);
    expect(inputs[0]?.traffic.profile?.factors).toEqual(report.profile?.factors);
    // Noon in London is 21 o'clock in Tokyo.
    const rpsAt = (hour: number) => report.gates[0]?.byHour?.find((one) => one.hour === hour)?.requestsPerSecond ?? 0;
    expect([20, 21, 8, 9].map((hour) => Math.round(rpsAt(hour)))).toEqual([2, 10, 10, 2]);
    expect(Object.fromEntries(facts)["Traffic"]).toMatch(/on average over the day of the profile history$/);
  });

  it("is not taken without being asked for", async () => {
    const { report, inputs } = await judged(() => ({ rps: 5 }), []);
    expect(report).not.toHaveProperty("profile");
    expect(inputs[0]?.traffic.profile).toBeUndefined();
  });
});
