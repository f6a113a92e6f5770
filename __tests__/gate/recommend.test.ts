import { Ajv } from "ajv";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import { parseGateArguments } from "../../scripts/gate/arguments";
import { stoppedFalsely } from "../../scripts/gate/arithmetic";
import { confirm } from "../../scripts/gate/confirm";
import schema from "../../scripts/gate/gate.schema.json";
import type { Gate } from "../../scripts/gate/gates";
import type { PerformAll } from "../../scripts/gate/pool";
import { recommend } from "../../scripts/gate/recommend";
import { recommendationText } from "../../scripts/gate/report/recommendation";
import { Simulation } from "../../scripts/gate/simulate";
import { configWith, gatesOf } from "../../scripts/gate/subjects";
import { perform } from "../../scripts/gate/work";
import { figures } from "./figures";
import { limited } from "./gates";
import { FIXTURE_SOURCE } from "./synthesized-gates";

const GOAL = { badShare: 0.05, probability: 0.95, falseStops: 0.001, rps: 20 };
const input = { config: configWith(FIXTURE_SOURCE, {}), normalBad: 0.001, delays: DEFAULT_SETTINGS };

/** Computes the tasks in this thread. */
const here: PerformAll = (simulated, tasks) => {
  const simulation = new Simulation(simulated);
  return Promise.resolve(tasks.map((task) => perform(simulation, task)));
};

function simulated(gates: readonly Gate[], seed: number, normalBad = 0.001) {
  const traffic = { normalBad, latency: { median: 0.1, p99: 0.5 } };
  return confirm(
    { gates, traffic, slowSeconds: 1.5, watched: "new", seed, settings: DEFAULT_SETTINGS },
    GOAL,
    here,
    () => undefined,
    FIXTURE_SOURCE.signal,
    { bad: 100, good: 300 },
  );
}

const ESTIMATED = { share: 0.5, low: 0.4, high: 0.6 };
const never = () => Promise.reject(new Error("not to be simulated"));
const isValid = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

describe("a recommended gate", () => {
  it("synthesizes from what is printed, and reaches the goal in a simulation", async () => {
    const confirmed = { caught: ESTIMATED, falseStops: ESTIMATED, reached: true };
    const recommendation = await recommend(GOAL, input, () => Promise.resolve(confirmed));
    const text = recommendationText(recommendation, "staging");
    expect(text).toContain(
      "Simulated with another seed (interval of 95 %):\n  caught 50 % (40–60)\n  good releases stopped, per 1,000: 500 (400–600)\n\n",
    );
    const printed = JSON.parse(text.slice(text.indexOf("\n{"))) as object;
    expect(printed).toEqual(recommendation.found?.settings);
    expect(configWith(FIXTURE_SOURCE, printed)).toMatchObject(printed);
    const { caught, falseStops } = await simulated(
      await gatesOf({ ...FIXTURE_SOURCE, compare: [{ name: "recommended", settings: printed }] }),
      3,
    );
    expect(caught.share).toBeGreaterThanOrEqual(GOAL.probability);
    expect(falseStops.low).toBeLessThanOrEqual(GOAL.falseStops);
    const report = { ...figures({ names: ["staging"], rps: [20], faults: ["errors"] }), recommendation };
    expect(isValid(JSON.parse(JSON.stringify(report))) || isValid.errors).toBe(true);
  });

  it("is said to be impossible, with what would be needed", async () => {
    const goal = { ...GOAL, badShare: 0.02, rps: 0.05 };
    const recommendation = await recommend(goal, input, never);
    expect(recommendation).toMatchObject({ found: null, contradicted: 0 });
    expect(recommendation.needed?.rps).toBeGreaterThan(goal.rps);
    expect(recommendation.needed?.badShare).toBeGreaterThan(goal.badShare);
    const text = recommendationText(recommendation, "staging");
    expect(text).toMatch(/^No gate reaches within 2 hours at up to 50 % of the traffic: 2 % of errors/);
    expect(text).toContain(`${recommendation.needed?.rps} requests per second would be enough`);
    const report = { ...figures({ names: ["staging"], rps: [20], faults: ["errors"] }), recommendation };
    expect(isValid(JSON.parse(JSON.stringify(report))) || isValid.errors).toBe(true);
  });

  it("is none that a simulation contradicts, with more exposure each time", async () => {
    const exposures: number[] = [];
    const recommendation = await recommend(GOAL, input, ({ delivery: { strategy } }) => {
      exposures.push(strategy.percentage * strategy.intervalMinutes);
      return Promise.resolve({ caught: ESTIMATED, falseStops: ESTIMATED, reached: false });
    });
    expect(recommendation).toMatchObject({ found: null, contradicted: 5 });
    expect(exposures).toEqual([...new Set(exposures)].sort((one, other) => one - other));
    expect(recommendationText(recommendation, "staging")).toContain("a simulation contradicted the best of them (5)");
  });

  it("can't stop on what fails anyway", async () => {
    await expect(recommend({ ...GOAL, badShare: 0.001 }, input, never)).rejects.toThrow("--catch 0.001: must be more");
    await expect(recommend(GOAL, { ...input, normalBad: 0.06 }, never)).rejects.toThrow("fails anyway (0.06)");
  });
});

describe("the arithmetic of good releases stopped", () => {
  it("is that of the simulation, and rather too large", async () => {
    const limit = { normalShare: 0.001, sigmas: 4.4, allowance: 1.2, windowSeconds: 300 };
    const { falseStops } = await simulated([limited("alone", limit)], 1, 0.002);
    const computed = stoppedFalsely(limit, { rps: GOAL.rps, share: 0.1, minutes: 5 }, 5, 0.002, DEFAULT_SETTINGS);
    expect(computed).toBeGreaterThan(falseStops.low);
    expect(computed).toBeLessThan(falseStops.high * 1.5);
  });
});

describe("npm run gate -- --recommend", () => {
  it.each([
    ["two traffics", ["--recommend", "--rps", "1,2"], "give --rps one number"],
    ["a calibration", ["--recommend", "--calibrate"], "doesn't go with --calibrate and --aws-cli"],
    ["a goal alone", ["--catch", "5%"], "option '--catch' goes with --recommend"],
    ["false stops alone", ["--stopped", "0.1%"], "option '--stopped' goes with --recommend"],
    ["certainty", ["--recommend", "--probability", "100%"], "--probability"],
    ["no errors", ["--recommend", "--catch", "0"], "--catch"],
  ])("refuses %s", (_, argv, problem) => {
    let err = "";
    expect(parseGateArguments(argv, { out: () => undefined, err: (text) => (err += text) })).toEqual({ exitCode: 64 });
    expect(err).toContain(problem);
  });
});
