import type { MetricAlarm, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { MinuteCount } from "./canary-traffic";
import { catchProbability, parseLimit, type MetricLine, type ParsedLimit } from "../../stacks/gate/limit";

/** The limit of an alarm that our stacks made, and what it judges; undefined for any other alarm. Pure. */
export function limitOfAlarm({ Metrics = [] }: MetricAlarm): ParsedLimit | undefined {
  return Metrics.length === 0 ? undefined : parseLimit(Metrics.map(lineOf));
}

/** A line as the stacks write it. What CloudWatch leaves out makes it a line of no limit. */
function lineOf({ Id = "", Expression, MetricStat, ReturnData = true }: MetricDataQuery): MetricLine {
  const { Metric, Period = 0, Stat = "" } = MetricStat ?? {};
  const dimensions = (Metric?.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]);
  return {
    id: Id,
    returnData: ReturnData,
    ...(Expression !== undefined && { expression: Expression }),
    ...(Metric && {
      metric: {
        namespace: Metric.Namespace ?? "",
        metricName: Metric.MetricName ?? "",
        dimensions: Object.fromEntries(dimensions) as Readonly<Record<string, string>>,
        period: Period,
        statistic: Stat,
      },
    }),
  };
}

/** Largest number of periods of an alarm on a fixed count whose probability is computed: its cost doubles with each. */
const MAX_PERIODS = 12;

/**
 * The probability that an alarm fires on the errors of these requests, when each fails with the same probability; undefined for an
 * alarm that doesn't count errors, or whose arithmetic is not known. It is the least: the alarm looks again every minute, and only
 * its fullest window is counted. Pure.
 *
 * - An alarm with a limit of our stacks: the tail of the binomial distribution above the limit.
 * - An alarm on a fixed number of 5xx in a period: the same above its threshold, in as many of its periods as fire it.
 *
 * @param minutes the requests that CloudWatch shows
 * @param badShare the probability that a request fails, from 0 to 1
 */
export function noticedErrors(
  alarm: MetricAlarm,
  minutes: readonly MinuteCount[],
  badShare: number,
): number | undefined {
  const limit = limitOfAlarm(alarm);
  if (limit) {
    if (limit.judged.bad.kind !== "failedRequests") return undefined;
    return catchProbability(fullestWindow(minutes, limit.windowSeconds), badShare, limit);
  }
  const threshold = thresholdOf5xx(alarm);
  const { Period, EvaluationPeriods: n = 0, DatapointsToAlarm: m = n } = alarm;
  if (threshold === undefined || Period === undefined || Period < 60 || n < 1 || n > MAX_PERIODS) return undefined;
  const fixed = { normalShare: 0, sigmas: 0, allowance: threshold, windowSeconds: Period };
  const exceeds = requestsByPeriod(minutes, Period).map((requests) => catchProbability(requests, badShare, fixed));
  return probabilityOfEnough(exceeds, m, n);
}

/** Above how many 5xx in a period an alarm fires; undefined when it doesn't count them with a fixed threshold. */
function thresholdOf5xx({ Namespace, MetricName, Statistic, ComparisonOperator, Threshold }: MetricAlarm) {
  const counts =
    Namespace === "AWS/ApplicationELB" && MetricName === "HTTPCode_Target_5XX_Count" && Statistic === "Sum";
  if (!counts || Threshold === undefined || Threshold < 0) return undefined;
  if (ComparisonOperator === "GreaterThanThreshold") return Threshold;
  return ComparisonOperator === "GreaterThanOrEqualToThreshold" ? Math.max(0, Math.ceil(Threshold) - 1) : undefined;
}

/** The most requests in a window of this length. */
function fullestWindow(minutes: readonly MinuteCount[], seconds: number): number {
  const sums = minutes.map(({ at: end }) =>
    minutes.filter(({ at }) => at <= end && at > end - seconds * 1000).reduce((sum, { requests }) => sum + requests, 0),
  );
  return Math.max(0, ...sums);
}

/** The requests of each period from the first to the last one with requests. */
function requestsByPeriod(minutes: readonly MinuteCount[], seconds: number): readonly number[] {
  const [first] = minutes;
  if (!first) return [];
  const indexOf = (at: number) => Math.floor(at / (seconds * 1000));
  const counts = new Map<number, number>();
  for (const { at, requests } of minutes) counts.set(indexOf(at), (counts.get(indexOf(at)) ?? 0) + requests);
  const [from, to] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  return Array.from({ length: to - from + 1 }, (_, index) => counts.get(from + index) ?? 0);
}

/**
 * The probability that at any time at least `m` of the last `n` periods exceed the threshold. Each state is which of the last
 * periods exceeded it, as bits; periods before the first are without data, and exceed nothing.
 */
function probabilityOfEnough(exceeds: readonly number[], m: number, n: number): number {
  const mask = 2 ** n - 1;
  const bits = (state: number) => state.toString(2).replaceAll("0", "").length;
  let states = new Map([[0, 1]]);
  let fired = 0;
  for (const probability of exceeds) {
    const next = new Map<number, number>();
    for (const [state, weight] of states) {
      for (const [bit, share] of [
        [0, 1 - probability],
        [1, probability],
      ] as const) {
        const after = ((state << 1) | bit) & mask;
        if (bits(after) >= m) fired += weight * share;
        else next.set(after, (next.get(after) ?? 0) + weight * share);
      }
    }
    states = next;
  }
  return Math.min(1, fired);
}
