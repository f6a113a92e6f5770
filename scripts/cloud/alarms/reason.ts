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

/** CloudWatch's reason for an alarm that has not been evaluated yet. */
export const INITIAL_REASON = "Unchecked: Initial alarm creation";

/**
 * The reason of a state, in CloudWatch's words. It lists only the datapoints that support the state,
 * newest first, and the number of them that the transition needs.
 */
export function reasonOf(rules: AlarmRules, evaluation: AlarmEvaluation, value: AlarmStateValue): string {
  const { evaluationPeriods: periods } = rules;
  const { used, filled } = evaluation;
  if (value === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${filled} ${plural(filled, "datapoint was", "datapoints were")} unknown.`;
  }
  const supporting = supportingOf(evaluation, value);
  const needed = neededFor(rules, value);
  // "ignore" and "missing" decide on real data alone, so only the other two settings mention filled datapoints.
  const mentionsFilled =
    filled > 0 && (rules.treatMissingData === "breaching" || rules.treatMissingData === "notBreaching");
  if (mentionsFilled && supporting.length < needed) {
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
    `the threshold (${javaDouble(rules.threshold)}) (minimum ${needed} ${plural(needed, "datapoint", "datapoints")} for ` +
    `${value === "OK" ? "ALARM -> OK" : "OK -> ALARM"} transition).`
  );
}

/** The input of `reasonDataOf`. */
export interface ReasonDataInput {
  readonly rules: AlarmRules;
  readonly evaluation: AlarmEvaluation;
  readonly value: AlarmStateValue;
  /** The evaluation range, newest first. */
  readonly slots: readonly Slot[];
  /** The current simulated time. */
  readonly now: number;
  /** Seconds. */
  readonly period: number;
}

/** StateReasonData: JSON of version 1.0, with CloudWatch's fields in CloudWatch's order. */
export function reasonDataOf({ rules, evaluation, value, slots, now, period }: ReasonDataInput): string {
  const oldestFirst = [...evaluation.used].reverse();
  const [oldest] = oldestFirst;
  const evaluated =
    evaluation.used.length === 0
      ? slots.map(({ at }) => ({ timestamp: longDate(at) }))
      : supportingOf(evaluation, value)
          .slice(0, neededFor(rules, value))
          .map((point) => ({
            timestamp: longDate(point.at),
            // CloudWatch shows no sample count for metric math.
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

/** Number of datapoints that a transition to the state needs. */
function neededFor(rules: AlarmRules, value: AlarmStateValue): number {
  return value === "OK" ? rules.evaluationPeriods - rules.datapointsToAlarm + 1 : rules.datapointsToAlarm;
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/** A number as CloudWatch prints it, which is Java's format: 3 is `3.0`, ten million is `1.0E7`. */
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

/** A time as in a reason, in UTC: `23/11/26 19:01:00`. */
function shortDate(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}

/** A time as in StateReasonData: `2026-11-23T19:01:00.000+0000`. */
function longDate(at: number): string {
  return new Date(at).toISOString().replace("Z", "+0000");
}
