import { boundariesOf, evaluationIntervalMs } from "../cloud/alarms/evaluation-window";
import type { MetricsPart } from "../cloud/metrics/part";
import type { CloudSettings } from "../cloud/settings";
import type { AlarmTemplate, MetricQuery, Template } from "../cloud/template";
import { missingData } from "./alarm-data";
import type { AlarmFacts } from "./report/facts";

const COMPARISONS: Readonly<Record<AlarmTemplate["comparisonOperator"], string>> = {
  GreaterThanThreshold: "above",
  GreaterThanOrEqualToThreshold: "at or above",
  LessThanThreshold: "below",
  LessThanOrEqualToThreshold: "at or below",
};

/** The time range of the data to read, in simulated milliseconds since the Unix epoch. */
interface Range {
  /** Earlier data is ignored. */
  readonly from: number;
  readonly to: number;
  readonly settings: Pick<CloudSettings, "wallClockWeekStartsOn">;
}

/**
 * Describes what each alarm watches, and how close it came to firing.
 * @param newTargetGroup value of the dimension TargetGroup for the new version
 */
export function alarmFacts(
  template: Pick<Template, "alarms" | "loadBalancer" | "targetGroups" | "deploymentGroup">,
  metrics: Pick<MetricsPart, "read">,
  { newTargetGroup, ...range }: { readonly newTargetGroup: string } & Range,
): readonly AlarmFacts[] {
  const { enabled, names } = template.deploymentGroup.alarms;
  return template.alarms.map((alarm) => {
    const queries = queriesOf(alarm);
    const groups = new Set(queries.map(({ dimensions }) => dimensions["TargetGroup"]));
    const [group] = groups;
    return {
      name: alarm.name,
      metrics: [...new Set(queries.map(({ metricName }) => metricName))],
      watches: groups.size !== 1 || group === undefined ? undefined : group === newTargetGroup ? "new" : "old",
      inGate: enabled && names.includes(alarm.name),
      missing: missingData(alarm, template),
      condition: conditionOf(alarm),
      worst: worstOf(alarm, valuesOf(alarm, metrics, range)),
    };
  });
}

function queriesOf({ metric, metrics = [] }: AlarmTemplate): readonly MetricQuery[] {
  return metric ? [metric] : metrics.flatMap((line) => line.metric ?? []);
}

function conditionOf({ metric, comparisonOperator, threshold, ...rest }: AlarmTemplate): string {
  const value = metric ? `${metric.metricName} (${metric.statistic} of ${metric.period} s)` : "its expression";
  return `${value} is ${COMPARISONS[comparisonOperator]} ${threshold} in ${rest.datapointsToAlarm} of ${rest.evaluationPeriods}`;
}

/** Returns the published value of the metric in each window that the alarm may have evaluated. */
function valuesOf(
  { metric, evaluationWindow }: AlarmTemplate,
  metrics: Pick<MetricsPart, "read">,
  { from, to, settings }: Range,
): readonly number[] {
  if (!metric) return [];
  const windowsUntil = boundariesOf(evaluationWindow, metric.period, settings.wallClockWeekStartsOn);
  const stepMs = evaluationIntervalMs(metric.period);
  const ends = Array.from({ length: Math.ceil((to - from) / stepMs) }, (_, index) => from + (index + 1) * stepMs);
  return ends.flatMap((end) => metrics.read(metric, windowsUntil(end, 1)).map(({ value }) => value));
}

function worstOf({ comparisonOperator }: AlarmTemplate, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const worst = comparisonOperator.startsWith("Less") ? Math.min(...values) : Math.max(...values);
  return Number(worst.toFixed(3));
}
