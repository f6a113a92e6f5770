import { clockBoundaries } from "../cloud/metrics/periods";
import type { MetricsPart } from "../cloud/parts";
import type { AlarmTemplate, MetricQuery, Template } from "../cloud/template";
import type { AlarmFacts } from "./report/facts";

const COMPARISONS: Readonly<Record<AlarmTemplate["comparisonOperator"], string>> = {
  GreaterThanThreshold: "above",
  GreaterThanOrEqualToThreshold: "at or above",
  LessThanThreshold: "below",
  LessThanOrEqualToThreshold: "at or below",
};

/**
 * What the alarms watch, and how near each came to firing.
 * @param newTargetGroup dimension TargetGroup of the new version
 * @param from simulated milliseconds since the Unix epoch; what was published before does not count
 */
export function alarmFacts(
  template: Pick<Template, "alarms" | "targetGroups" | "deploymentGroup">,
  metrics: Pick<MetricsPart, "read">,
  { newTargetGroup, from, to }: { readonly newTargetGroup: string; readonly from: number; readonly to: number },
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
      condition: conditionOf(alarm),
      worst: alarm.metric && worstOf(alarm, metrics.read(alarm.metric, clockBoundaries(from, to, alarm.metric.period))),
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

function worstOf(alarm: AlarmTemplate, points: readonly { readonly value: number }[]): number | undefined {
  if (points.length === 0) return undefined;
  const values = points.map(({ value }) => value);
  const worst = alarm.comparisonOperator.startsWith("Less") ? Math.min(...values) : Math.max(...values);
  return Number(worst.toFixed(3));
}
