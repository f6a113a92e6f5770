import type { Datapoint } from "../metrics/part";
import { percentileOf } from "../metrics/statistic";
import type { CloudSettings } from "../settings";
import type { AlarmTemplate } from "../template";
import type { AlarmStateValue } from "./part";

/** One bucket of the evaluation range; without `point` there is no data in it. */
export interface Slot {
  /** Start of the bucket, simulated milliseconds. */
  readonly at: number;
  readonly point?: Datapoint;
}

/** The parts of an alarm that its evaluation depends on. */
export type AlarmRules = Pick<
  AlarmTemplate,
  | "comparisonOperator"
  | "threshold"
  | "evaluationPeriods"
  | "datapointsToAlarm"
  | "treatMissingData"
  | "evaluateLowSampleCountPercentile"
> & {
  /** The statistic of the metric; undefined for metric math. */
  readonly statistic?: string;
  readonly oldBreachingDataAlarms: CloudSettings["oldBreachingDataAlarms"];
};

/** What the data says. */
export interface AlarmEvaluation {
  /** The state, or that the current one is kept. */
  readonly value: AlarmStateValue | "keep";
  /** The real datapoints it was decided on, newest first. */
  readonly used: readonly Datapoint[];
  /** Those of them that breach, newest first. */
  readonly breaching: readonly Datapoint[];
  /** Buckets without data that the setting for missing data stood in for. */
  readonly filled: number;
}

const BREACHES: Readonly<Record<AlarmTemplate["comparisonOperator"], (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Does a value lie on the wrong side of the threshold? */
function breaches(rules: Pick<AlarmRules, "comparisonOperator" | "threshold">, value: number): boolean {
  return BREACHES[rules.comparisonOperator](value, rules.threshold);
}

/**
 * CloudWatch's rules for the state of an alarm, given the evaluation range. Real datapoints come first, however far
 * back in the range; the setting for missing data fills only what is then still wanting.
 * Source: the CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data".
 *
 * @param slots the evaluation range, newest first
 */
export function evaluate(rules: AlarmRules, slots: readonly Slot[]): AlarmEvaluation {
  const real = slots.flatMap(({ point }, age) => (point ? [{ point, age: age + 1 }] : []));
  const used = real.slice(0, rules.evaluationPeriods);
  const points = used.map(({ point }) => point);
  const breaching = points.filter(({ value }) => breaches(rules, value));
  const filled = rules.evaluationPeriods - used.length;
  const decide = (value: AlarmEvaluation["value"]): AlarmEvaluation => ({ value, used: points, breaching, filled });
  const alarmWhen = (count: number) => decide(count >= rules.datapointsToAlarm ? "ALARM" : "OK");

  if (tooFewSamples(rules, points)) return decide("keep");
  if (filled === 0) return alarmWhen(breaching.length);
  switch (rules.treatMissingData) {
    case "breaching":
      return alarmWhen(breaching.length + filled);
    case "notBreaching":
      return alarmWhen(breaching.length);
    case "ignore":
      if (breaching.length >= rules.datapointsToAlarm) return decide("ALARM");
      return decide(breaching.length < used.length ? "OK" : "keep");
    case "missing": {
      if (used.length === 0) return decide("INSUFFICIENT_DATA");
      if (breaching.length >= rules.datapointsToAlarm) return decide("ALARM");
      if (breaching.length < used.length) return decide("OK");
      // Nothing but breaching data: it has stood long enough when the oldest of it is as old as M buckets.
      const isOld = (used.at(-1)?.age ?? 0) >= rules.datapointsToAlarm;
      return decide(isOld && rules.oldBreachingDataAlarms ? "ALARM" : "INSUFFICIENT_DATA");
    }
  }
}

/**
 * Samples that a percentile needs to mean something: ten beyond it, 10/(1−p) from the median up and 10/p below.
 * Source: the CloudWatch user guide, "Percentile-based alarms and low data samples".
 *
 * @param percentile from 0 to 100
 */
export function samplesNeeded(percentile: number): number {
  const share = percentile / 100;
  return 10 / (share >= 0.5 ? 1 - share : share);
}

function tooFewSamples(rules: AlarmRules, points: readonly Datapoint[]): boolean {
  const percentile = percentileOf(rules.statistic ?? "");
  if (percentile === undefined || rules.evaluateLowSampleCountPercentile !== "ignore" || points.length === 0)
    return false;
  const samples = points.reduce((sum, { sampleCount }) => sum + sampleCount, 0);
  // 10 / (1 − 0.99) is 1000 but for the last digit of a floating-point number.
  return samples < samplesNeeded(percentile) - 1e-6;
}
