import { type AlarmRules, evaluate, type Slot } from "../../../scripts/cloud/alarms/evaluate";
import type { AlarmStateValue } from "../../../scripts/cloud/alarms/part";
import { reasonDataOf, reasonOf } from "../../../scripts/cloud/alarms/reason";

const NEWEST = Date.parse("2026-11-23T19:01:00Z");

const rules = (changes: Partial<AlarmRules> = {}): AlarmRules => ({
  comparisonOperator: "GreaterThanThreshold",
  threshold: 2,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: "missing",
  statistic: "Sum",
  oldBreachingDataAlarms: true,
  ...changes,
});

/** Slots by value, oldest first; undefined is missing. */
const slotsOf = (...values: readonly (number | undefined)[]): readonly Slot[] =>
  [...values].reverse().map((value, index) => {
    const at = NEWEST - index * 60_000;
    return value === undefined ? { at } : { at, point: { at, value, sampleCount: 4 } };
  });

function reason(value: AlarmStateValue, changes: Partial<AlarmRules>, ...values: readonly (number | undefined)[]) {
  const used = rules(changes);
  const evaluation = evaluate(used, slotsOf(...values));
  expect(evaluation.value).toBe(value);
  return reasonOf(used, evaluation, value);
}

describe("the reason of an alarm's state", () => {
  it("names the datapoint that crossed the threshold", () => {
    expect(reason("ALARM", {}, 3)).toBe(
      "Threshold Crossed: 1 out of the last 1 datapoints [3.0 (23/11/26 19:01:00)] was greater than the threshold (2.0) (minimum 1 datapoint for OK -> ALARM transition).",
    );
  });

  it("names only the datapoints that breach, newest first", () => {
    expect(reason("ALARM", { evaluationPeriods: 3, datapointsToAlarm: 2 }, 3, 1, 4.5)).toBe(
      "Threshold Crossed: 2 out of the last 3 datapoints [4.5 (23/11/26 19:01:00), 3.0 (23/11/26 18:59:00)] were greater than the threshold (2.0) (minimum 2 datapoints for OK -> ALARM transition).",
    );
  });

  it("names only the datapoints that do not breach when the alarm is over", () => {
    expect(reason("OK", { evaluationPeriods: 3, datapointsToAlarm: 3 }, 3, 1, 0)).toBe(
      "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (23/11/26 19:01:00), 1.0 (23/11/26 19:00:00)] were not greater than the threshold (2.0) (minimum 1 datapoint for ALARM -> OK transition).",
    );
  });

  it.each<[AlarmRules["comparisonOperator"], number, string]>([
    ["GreaterThanOrEqualToThreshold", 3, "greater than or equal to"],
    ["LessThanThreshold", 1, "less than"],
    ["LessThanOrEqualToThreshold", 1, "less than or equal to"],
  ])("words %s", (comparisonOperator, value, words) => {
    expect(reason("ALARM", { comparisonOperator }, value)).toContain(`was ${words} the threshold (2.0)`);
  });

  it("names the treatment of missing data", () => {
    expect(reason("OK", { treatMissingData: "notBreaching" }, undefined)).toBe(
      "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
    );
    expect(
      reason("ALARM", { treatMissingData: "breaching", evaluationPeriods: 2, datapointsToAlarm: 2 }, undefined),
    ).toBe(
      "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].",
    );
    expect(
      reason("ALARM", { treatMissingData: "breaching", evaluationPeriods: 3, datapointsToAlarm: 2 }, 1, undefined),
    ).toBe(
      "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
    );
  });

  it("counts what is unknown", () => {
    expect(reason("INSUFFICIENT_DATA", {}, undefined)).toBe("Insufficient Data: 1 datapoint was unknown.");
    expect(reason("INSUFFICIENT_DATA", { evaluationPeriods: 5, datapointsToAlarm: 5 }, undefined)).toBe(
      "Insufficient Data: 5 datapoints were unknown.",
    );
  });

  it.each([
    [1.0166666666666666, "1.0166666666666666"],
    [-0.2, "-0.2"],
    [20000, "20000.0"],
    [12_345_678, "1.2345678E7"],
    [10_000_000, "1.0E7"],
    [0.0001, "1.0E-4"],
    [0, "0.0"],
  ])("prints %d as %s", (value, printed) => {
    expect(reason("ALARM", { threshold: -1 }, value)).toContain(`[${printed} (23/11/26 19:01:00)]`);
  });
});

describe("the reason data of an alarm's state", () => {
  const data = (changes: Partial<AlarmRules>, ...values: readonly (number | undefined)[]): unknown => {
    const used = rules(changes);
    const slots = slotsOf(...values);
    const evaluation = evaluate(used, slots);
    if (evaluation.value === "keep") throw new Error("the state is kept");
    const now = NEWEST + 151_250;
    return JSON.parse(reasonDataOf({ rules: used, evaluation, value: evaluation.value, slots, now, period: 60 }));
  };

  it("has CloudWatch's fields", () => {
    expect(data({ evaluationPeriods: 3, datapointsToAlarm: 2 }, 3, 1, 4)).toEqual({
      version: "1.0",
      queryDate: "2026-11-23T19:03:31.250+0000",
      startDate: "2026-11-23T18:59:00.000+0000",
      statistic: "Sum",
      period: 60,
      recentDatapoints: [3, 1, 4],
      threshold: 2,
      evaluatedDatapoints: [
        { timestamp: "2026-11-23T19:01:00.000+0000", sampleCount: 4, value: 4 },
        { timestamp: "2026-11-23T18:59:00.000+0000", sampleCount: 4, value: 3 },
      ],
    });
  });

  it("lists the empty buckets when there is no data", () => {
    expect(data({}, undefined, undefined)).toMatchObject({
      recentDatapoints: [],
      evaluatedDatapoints: [
        { timestamp: "2026-11-23T19:01:00.000+0000" },
        { timestamp: "2026-11-23T19:00:00.000+0000" },
      ],
    });
    expect(data({}, undefined)).not.toHaveProperty("startDate");
  });

  it("has neither statistic nor sample counts for metric math", () => {
    const math = data({ statistic: undefined }, 3);
    expect(math).not.toHaveProperty("statistic");
    expect(math).toMatchObject({ evaluatedDatapoints: [{ timestamp: "2026-11-23T19:01:00.000+0000", value: 3 }] });
    expect(math).not.toHaveProperty("evaluatedDatapoints.0.sampleCount");
  });
});
