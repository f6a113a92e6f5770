import { evaluate, samplesNeeded, type AlarmRules, type Slot } from "../../../scripts/cloud/alarms/evaluate";

type Treatment = AlarmRules["treatMissingData"];

const rules = (changes: Partial<AlarmRules> = {}): AlarmRules => ({
  comparisonOperator: "GreaterThanThreshold",
  threshold: 1,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  treatMissingData: "missing",
  statistic: "Sum",
  oldBreachingDataAlarms: true,
  ...changes,
});

/** The evaluation range from AWS's notation, oldest first: 0 is fine, X breaches, - is missing. */
function range(notation: string, sampleCount = 1): readonly Slot[] {
  return notation
    .split(" ")
    .reverse()
    .map((mark, index) => {
      const at = -60_000 * index;
      return mark === "-" ? { at } : { at, point: { at, value: mark === "X" ? 2 : 0, sampleCount } };
    });
}

const TREATMENTS: readonly Treatment[] = ["missing", "ignore", "breaching", "notBreaching"];

/** One row of a table: data, then the outcome for each treatment in the order of TREATMENTS. */
type Row = readonly [data: string, missing: string, ignore: string, breaching: string, notBreaching: string];

const expand = (rows: readonly Row[]) =>
  rows.flatMap(([data, ...outcomes]) =>
    TREATMENTS.map((treatMissingData, index) => ({ data, treatMissingData, expected: outcomes[index] })),
  );

const INSUFFICIENT = "INSUFFICIENT_DATA";

describe("alarm evaluation", () => {
  describe("AWS's table for 3 out of 3", () => {
    it.each(
      expand([
        ["0 - X - X", "OK", "OK", "OK", "OK"],
        ["0 - - - -", "OK", "OK", "OK", "OK"],
        ["- - - - -", INSUFFICIENT, "keep", "ALARM", "OK"],
        ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
        ["- - - - X", INSUFFICIENT, "keep", "ALARM", "OK"],
        ["X - - - -", "ALARM", "keep", "ALARM", "OK"],
      ]),
    )("$data with missing data as $treatMissingData: $expected", ({ data, treatMissingData, expected }) => {
      expect(evaluate(rules({ treatMissingData }), range(data)).value).toBe(expected);
    });
  });

  describe("AWS's table for 2 out of 3", () => {
    it.each(
      expand([
        ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
        ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
        ["0 - X - -", "OK", "OK", "ALARM", "OK"],
        ["- - - - 0", "OK", "OK", "ALARM", "OK"],
        ["- - - - X", INSUFFICIENT, "keep", "ALARM", "OK"],
      ]),
    )("$data with missing data as $treatMissingData: $expected", ({ data, treatMissingData, expected }) => {
      expect(evaluate(rules({ treatMissingData, datapointsToAlarm: 2 }), range(data)).value).toBe(expected);
    });
  });

  it("does not take old breaching data that is too little for an alarm where it is set not to", () => {
    const outcome = (data: string) => evaluate(rules({ oldBreachingDataAlarms: false }), range(data)).value;
    expect(outcome("X - - - -")).toBe(INSUFFICIENT);
    expect(outcome("X X X - -")).toBe("ALARM");
  });

  describe("what those tables leave out", () => {
    it.each(
      expand([
        // M breaching datapoints are enough although one is missing
        ["- - X X -", "ALARM", "ALARM", "ALARM", "ALARM"],
        // a lone breaching datapoint is old enough at M buckets, and not before
        ["- - - X -", "ALARM", "keep", "ALARM", "OK"],
        ["- - X - -", "ALARM", "keep", "ALARM", "OK"],
        // the newest N real datapoints decide, not the older ones
        ["X X 0 0 0", "OK", "OK", "OK", "OK"],
        ["0 0 0 X X", "ALARM", "ALARM", "ALARM", "ALARM"],
      ]),
    )("2 out of 3, $data with missing data as $treatMissingData: $expected", ({ data, treatMissingData, expected }) => {
      expect(evaluate(rules({ treatMissingData, datapointsToAlarm: 2 }), range(data)).value).toBe(expected);
    });

    it.each(
      expand([
        ["- - X", "ALARM", "ALARM", "ALARM", "ALARM"],
        // the last bad minute is read again until it leaves the range
        ["X - -", "ALARM", "ALARM", "ALARM", "ALARM"],
        ["X - 0", "OK", "OK", "OK", "OK"],
        ["- - -", INSUFFICIENT, "keep", "ALARM", "OK"],
      ]),
    )("1 out of 1, $data with missing data as $treatMissingData: $expected", ({ data, treatMissingData, expected }) => {
      const one = rules({ treatMissingData, evaluationPeriods: 1, datapointsToAlarm: 1 });
      expect(evaluate(one, range(data)).value).toBe(expected);
    });
  });

  it.each<[AlarmRules["comparisonOperator"], readonly [below: string, at: string, above: string]]>([
    ["GreaterThanThreshold", ["OK", "OK", "ALARM"]],
    ["GreaterThanOrEqualToThreshold", ["OK", "ALARM", "ALARM"]],
    ["LessThanThreshold", ["ALARM", "OK", "OK"]],
    ["LessThanOrEqualToThreshold", ["ALARM", "ALARM", "OK"]],
  ])("compares with %s", (comparisonOperator, expected) => {
    const one = rules({ comparisonOperator, evaluationPeriods: 1, datapointsToAlarm: 1 });
    const outcomes = [0.9, 1, 1.1].map(
      (value) => evaluate(one, [{ at: 0, point: { at: 0, value, sampleCount: 1 } }]).value,
    );
    expect(outcomes).toEqual(expected);
  });

  it("gives the datapoints that decided, newest first, and the number of filled ones", () => {
    const verdict = evaluate(rules({ treatMissingData: "notBreaching" }), range("0 - X - -"));
    expect(verdict.used.map(({ at, value }) => [at, value])).toEqual([
      [-120_000, 2],
      [-240_000, 0],
    ]);
    expect(verdict.breaching.map(({ at }) => at)).toEqual([-120_000]);
    expect(verdict.filled).toBe(1);
  });

  it.each(TREATMENTS)("fires on enough breaching data beside fine and missing data: %s", (treatMissingData) => {
    const twoOfFour = rules({ evaluationPeriods: 4, datapointsToAlarm: 2, treatMissingData });
    expect(evaluate(twoOfFour, range("X X 0 -")).value).toBe("ALARM");
  });

  describe("a percentile with few samples", () => {
    it.each([
      ["p99", 1_000],
      ["p90", 100],
      ["p50", 20],
      ["p10", 100],
    ])("%s needs %d samples", (statistic, needed) => {
      const percentile = Number(statistic.slice(1));
      expect(samplesNeeded(percentile)).toBeCloseTo(needed, 6);
      const one = rules({
        statistic,
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        evaluateLowSampleCountPercentile: "ignore",
      });
      expect(evaluate(one, range("X", needed - 1)).value).toBe("keep");
      expect(evaluate(one, range("X", needed)).value).toBe("ALARM");
    });

    it("is evaluated unless the alarm is set to ignore it", () => {
      const one = rules({ statistic: "p99", evaluationPeriods: 1, datapointsToAlarm: 1 });
      expect(evaluate(one, range("X", 1)).value).toBe("ALARM");
      const explicit = { ...one, evaluateLowSampleCountPercentile: "evaluate" as const };
      expect(evaluate(explicit, range("X", 1)).value).toBe("ALARM");
    });

    it("does not matter to an alarm on another statistic, or on an expression", () => {
      const settings = {
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        evaluateLowSampleCountPercentile: "ignore",
      } as const;
      for (const statistic of ["Average", undefined]) {
        expect(evaluate(rules({ ...settings, statistic }), range("X", 1)).value).toBe("ALARM");
      }
    });

    it("counts the samples of all periods together", () => {
      const three = rules({ statistic: "p90", evaluateLowSampleCountPercentile: "ignore" });
      expect(evaluate(three, range("X X X", 34)).value).toBe("ALARM");
      expect(evaluate(three, range("X X X", 33)).value).toBe("keep");
    });

    it("without any data at all is missing data", () => {
      const one = rules({ statistic: "p99", evaluateLowSampleCountPercentile: "ignore" });
      expect(evaluate(one, range("- - -")).value).toBe(INSUFFICIENT);
    });
  });
});
