import type { Datapoint } from "../metrics/part";
import { percentileOf } from "../metrics/statistic";
import type { CloudSettings } from "../settings";
import type { AlarmTemplate } from "../template";
import type { AlarmStateValue } from "./part";

/** One bucket of the evaluation range; without `point` it has no data. */
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

/** The result of an evaluation. */
export interface AlarmEvaluation {
  /** The new state, or `keep` for the current one. */
  readonly value: AlarmStateValue | "keep";
  /** The real datapoints that decided, newest first. */
  readonly used: readonly Datapoint[];
  /** The datapoints of `used` that breach the threshold, newest first. */
  readonly breaching: readonly Datapoint[];
  /** Number of buckets without data, which the setting for missing data filled. */
  readonly filled: number;
}

const BREACHES: Readonly<Record<AlarmTemplate["comparisonOperator"], (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Whether a value breaches the threshold. */
export function breaches(rules: Pick<AlarmRules, "comparisonOperator" | "threshold">, value: number): boolean {
  return BREACHES[rules.comparisonOperator](value, rules.threshold);
}

/**
 * CloudWatch's rules for the state of an alarm. Real datapoints count first, wherever they are in the evaluation range.
 * The setting for missing data only fills what is missing up to the number of evaluation periods.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
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
  switch (rules.treatMissingData) {
    case "breaching":
      return alarmWhen(breaching.length + filled);
    case "notBreaching":
      return alarmWhen(breaching.length);
    case "ignore":
      if (breaching.length >= rules.datapointsToAlarm) return decide("ALARM");
      return decide(breaching.length < used.length ? "OK" : "keep");
    case "missing": {
      if (breaching.length >= rules.datapointsToAlarm) return decide("ALARM");
      if (breaching.length < used.length) return decide("OK");
      // All data breaches, but there is too little. It is old enough when the oldest datapoint is M buckets old
      // (datapoints to alarm).
      const isOld = (used.at(-1)?.age ?? 0) >= rules.datapointsToAlarm;
      return decide(isOld && rules.oldBreachingDataAlarms ? "ALARM" : "INSUFFICIENT_DATA");
    }
  }
}

/**
 * Number of samples below which a percentile has low samples: 10/(1−p) from the median up, and 10/p below it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
 *
 * @param percentile from 0 to 100
 */
export function samplesNeeded(percentile: number): number {
  const share = percentile / 100;
  return 10 / Math.min(share, 1 - share);
}

function tooFewSamples(rules: AlarmRules, points: readonly Datapoint[]): boolean {
  if (rules.evaluateLowSampleCountPercentile !== "ignore" || points.length === 0) return false;
  const percentile = percentileOf(rules.statistic);
  // Stryker disable next-line ConditionalExpression: without a percentile the comparison below is with NaN, and false too.
  if (percentile === undefined) return false;
  const samples = points.reduce((sum, { sampleCount }) => sum + sampleCount, 0);
  // As a floating-point number, 10 / (1 − 0.99) is not exactly 1000.
  return samples < Math.ceil(samplesNeeded(percentile) - 1e-6);
}
