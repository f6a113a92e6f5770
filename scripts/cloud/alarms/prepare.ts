import { messageOf } from "../../command/error-message";
import { compileMath, type ReadMetric } from "../metrics/math";
import { type Datapoint, VALUES_RETAINED_MS } from "../metrics/part";
import { isPeriod } from "../metrics/periods";
import { publicationOf } from "../metrics/publication";
import { needsValues, rangeStatisticOf, statisticOf } from "../metrics/statistic";
import type { CloudSettings } from "../settings";
import type { AlarmTemplate, MetricQuery } from "../template";
import { type AlarmEvaluation, type AlarmRules, evaluate, type Slot } from "./evaluate";
import { boundariesOf, type EVALUATION_INTERVALS_MS, evaluationIntervalMs } from "./evaluation-window";

/** The result of evaluating an alarm at one time. */
interface Decision {
  readonly evaluation: AlarmEvaluation;
  /** The evaluation range, newest first. */
  readonly slots: readonly Slot[];
}

/** An alarm that is ready to be evaluated. It has no state, no clock and no store. */
export interface PreparedAlarm {
  readonly template: AlarmTemplate;
  readonly rules: AlarmRules;
  /** Seconds. */
  readonly period: number;
  /** How often it is evaluated, in simulated milliseconds. */
  readonly intervalMs: (typeof EVALUATION_INTERVALS_MS)[number];
  /** Publication delay of the slowest of its metrics, in simulated milliseconds. */
  readonly delayMs: number;
  /** The metrics that it reads. */
  readonly metrics: readonly MetricQuery[];
  /**
   * Decides the state. Pure, apart from what `read` does.
   * @param now simulated milliseconds since the Unix epoch
   * @param read gives the datapoints that are published by now
   */
  decide(now: number, read: ReadMetric): Decision;
}

/** The settings that the evaluation of alarms depends on. */
export type AlarmSettings = Pick<
  CloudSettings,
  | "metricDelaySeconds"
  | "oldBreachingDataAlarms"
  | "extraEvaluationBuckets"
  | "slidingWindowEndsAt"
  | "wallClockWeekStartsOn"
>;

/** The source of an alarm's datapoints. */
interface Source {
  readonly period: number;
  readonly metrics: readonly MetricQuery[];
  readonly points: (read: ReadMetric, boundaries: readonly number[]) => readonly Datapoint[];
}

/**
 * Prepares an alarm for evaluation. The local cloud and the simulation of a gate both evaluate what this returns.
 * @throws Error naming the alarm whose metric, statistic, expression or window can't be evaluated
 */
export function prepareAlarm(template: AlarmTemplate, settings: AlarmSettings): PreparedAlarm {
  try {
    return prepared(template, settings);
  } catch (error) {
    throw new Error(`alarm "${template.name}": ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function prepared(template: AlarmTemplate, settings: AlarmSettings): PreparedAlarm {
  const { metric } = template;
  const { period, metrics, points } = metric ? metricSource(metric) : mathSource(template);
  metrics.forEach(requireReadable);
  const delayMs = Math.max(...metrics.map(({ namespace }) => publicationOf(namespace, settings).delayMs));
  requireRetainedValues(template, metrics, period, delayMs);
  const rules: AlarmRules = {
    ...template,
    statistic: metric?.statistic,
    oldBreachingDataAlarms: settings.oldBreachingDataAlarms,
  };
  const boundariesAt = boundariesOf(template.evaluationWindow, period, settings.wallClockWeekStartsOn);
  const endsNow = settings.slidingWindowEndsAt === "now" && template.evaluationWindow?.type !== "wallClock";
  const count = rules.evaluationPeriods + settings.extraEvaluationBuckets;
  return {
    template,
    rules,
    period,
    intervalMs: evaluationIntervalMs(period),
    delayMs,
    metrics,
    decide(now, read) {
      // By default the range ends with the newest period that has to be visible by now: a period within the publication
      // delay isn't missing data.
      const boundaries = boundariesAt(endsNow ? now : now - delayMs, count);
      const slots = slotsOf(boundaries, points(read, boundaries));
      return { evaluation: evaluate(rules, slots), slots };
    },
  };
}

/** The periods between boundaries with their datapoints, newest first. Both inputs are oldest first. */
function slotsOf(boundaries: readonly number[], points: readonly Datapoint[]): readonly Slot[] {
  const slots: Slot[] = [];
  let next = points.length - 1;
  for (let index = boundaries.length - 2; index >= 0; index -= 1) {
    const at = boundaries[index] ?? NaN;
    const point = points[next];
    if (point?.at === at) {
      slots.push({ at, point });
      next -= 1;
    } else {
      slots.push({ at });
    }
  }
  return slots;
}

function metricSource(metric: MetricQuery): Source {
  const range = rangeStatisticOf(metric.statistic);
  if (range && range.kind !== "PR") {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, ExtendedStatistic
    throw new RangeError(
      `the statistic "${metric.statistic}" is not one of an alarm, which takes ${range.kind} with percentages only; ` +
        "PR takes values",
    );
  }
  return { period: metric.period, metrics: [metric], points: (read, boundaries) => read(metric, boundaries) };
}

function mathSource(template: AlarmTemplate): Source {
  const queries = template.metrics ?? [];
  const returned = queries.filter(({ returnData }) => returnData);
  const [line] = returned;
  if (!line || returned.length > 1) {
    throw new Error(`exactly one of its metrics must return data, not ${returned.length}`);
  }
  const math = compileMath(queries);
  const points: Source["points"] = (read, boundaries) => math.evaluate(line.id, read, boundaries);
  // This evaluation finds unknown ids, and operands of the wrong kind.
  points(() => [], []);
  return { period: math.period, metrics: math.metrics, points };
}

/** Refuses an unknown statistic or period. */
function requireReadable({ statistic, period }: MetricQuery): void {
  statisticOf(statistic);
  if (!isPeriod(period)) {
    throw new RangeError(`a period is 1, 5, 10, 20, 30 or a multiple of 60 seconds, not ${period}`);
  }
}

/** Refuses a percentile whose evaluation range is longer than the time for which single values are kept. */
function requireRetainedValues(
  { evaluationPeriods }: AlarmTemplate,
  metrics: readonly MetricQuery[],
  period: number,
  delayMs: number,
): void {
  const statistic = metrics.map((query) => query.statistic).find(needsValues);
  if (statistic === undefined || evaluationPeriods * period * 1_000 + delayMs <= VALUES_RETAINED_MS) return;
  const hours = VALUES_RETAINED_MS / 3_600_000;
  throw new Error(
    `the local cloud keeps the single values that ${statistic} needs for ${hours} hours; ` +
      `${evaluationPeriods} periods of ${period} s take longer`,
  );
}
