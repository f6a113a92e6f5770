import type { Datapoint } from "../metrics/part";
import type { AlarmTemplate } from "../template";
import type { AlarmEvaluation, AlarmRules, Slot } from "./evaluate";
import type { AlarmStateValue } from "./part";

const WORDS: Readonly<Record<AlarmTemplate["comparisonOperator"], string>> = {
  GreaterThanThreshold: "greater than",
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

/** What CloudWatch says of an alarm that nobody has evaluated yet. */
export const INITIAL_REASON = "Unchecked: Initial alarm creation";

/**
 * The reason of a state, in CloudWatch's own words. Only the datapoints that speak for the state are listed, newest
 * first, with the number that the transition needs at least.
 */
export function reasonOf(rules: AlarmRules, evaluation: AlarmEvaluation, value: AlarmStateValue): string {
  const { evaluationPeriods: periods } = rules;
  const { used, filled } = evaluation;
  if (value === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${filled} ${plural(filled, "datapoint was", "datapoints were")} unknown.`;
  }
  const supporting = supportingOf(evaluation, value);
  const least = leastFor(rules, value);
  // "ignore" and "missing" decide on real data alone, so only the other two speak of what they filled in.
  const told = filled > 0 && (rules.treatMissingData === "breaching" || rules.treatMissingData === "notBreaching");
  if (told && supporting.length < least) {
    const received =
      used.length === 0
        ? "no datapoints were"
        : `${used.length} ${plural(used.length, "datapoint was", "datapoints were")}`;
    const treated = rules.treatMissingData === "breaching" ? "Breaching" : "NonBreaching";
    return (
      `Threshold Crossed: ${received} received for ${periods} ${plural(periods, "period", "periods")} and ` +
      `${filled} missing ${plural(filled, "datapoint was", "datapoints were")} treated as [${treated}].`
    );
  }
  const list = supporting.map(({ at, value: x }) => `${javaDouble(x)} (${shortDate(at)})`).join(", ");
  return (
    `Threshold Crossed: ${supporting.length} out of the last ${periods} datapoints [${list}] ` +
    `${plural(supporting.length, "was", "were")} ${value === "OK" ? "not " : ""}${WORDS[rules.comparisonOperator]} ` +
    `the threshold (${javaDouble(rules.threshold)}) (minimum ${least} ${plural(least, "datapoint", "datapoints")} for ` +
    `${value === "OK" ? "ALARM -> OK" : "OK -> ALARM"} transition).`
  );
}

/** What StateReasonData is made of. */
export interface ReasonDataInput {
  readonly rules: AlarmRules;
  readonly evaluation: AlarmEvaluation;
  readonly value: AlarmStateValue;
  /** The evaluation range, newest first. */
  readonly slots: readonly Slot[];
  /** Simulated now. */
  readonly now: number;
  /** Seconds. */
  readonly period: number;
}

/** StateReasonData: JSON of version 1.0, with the fields and the order of CloudWatch's own. */
export function reasonDataOf({ rules, evaluation, value, slots, now, period }: ReasonDataInput): string {
  const oldestFirst = [...evaluation.used].reverse();
  const [oldest] = oldestFirst;
  const evaluated =
    evaluation.used.length === 0
      ? slots.map(({ at }) => ({ timestamp: longDate(at) }))
      : supportingOf(evaluation, value)
          .slice(0, leastFor(rules, value))
          .map((point) => ({
            timestamp: longDate(point.at),
            // CloudWatch gives no sample count for metric math.
            ...(rules.statistic === undefined ? {} : { sampleCount: point.sampleCount }),
            value: point.value,
          }));
  return JSON.stringify({
    version: "1.0",
    queryDate: longDate(now),
    ...(oldest ? { startDate: longDate(oldest.at) } : {}),
    ...(rules.statistic === undefined ? {} : { statistic: rules.statistic }),
    period,
    recentDatapoints: oldestFirst.map((point) => point.value),
    threshold: rules.threshold,
    evaluatedDatapoints: evaluated,
  });
}

function supportingOf(evaluation: AlarmEvaluation, value: AlarmStateValue): readonly Datapoint[] {
  return value === "OK"
    ? evaluation.used.filter((point) => !evaluation.breaching.includes(point))
    : evaluation.breaching;
}

/** Datapoints that a transition to the state takes at least. */
function leastFor(rules: AlarmRules, value: AlarmStateValue): number {
  return value === "OK" ? rules.evaluationPeriods - rules.datapointsToAlarm + 1 : rules.datapointsToAlarm;
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/** A number as CloudWatch prints it: 3 is `3.0`, ten million is `1.0E7`. */
function javaDouble(x: number): string {
  const size = Math.abs(x);
  if (x !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [mantissa = "", exponent = ""] = x.toExponential().split("e");
    return `${withPoint(mantissa)}E${exponent.replace("+", "")}`;
  }
  return withPoint(String(x));
}

function withPoint(digits: string): string {
  return digits.includes(".") ? digits : `${digits}.0`;
}

/** `23/11/26 19:01:00`, UTC. */
function shortDate(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}

/** `2026-11-23T19:01:00.000+0000`. */
function longDate(at: number): string {
  return new Date(at).toISOString().replace("Z", "+0000");
}
