import { parseLimit, type ParsedLimit } from "../../stacks/gate/limit";
import { boundariesOf, evaluationIntervalMs } from "../cloud/alarms/evaluation-window";
import { compileMath } from "../cloud/metrics/math";
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
    const limit = parseLimit(alarm.metrics ?? []);
    const groups = new Set(
      limit ? [limit.judged.targetGroup] : queries.map(({ dimensions }) => dimensions["TargetGroup"]),
    );
    const [group] = groups;
    return {
      name: alarm.name,
      metrics: [...new Set(queries.map(({ metricName }) => metricName))],
      watches: groups.size !== 1 || group === undefined ? undefined : group === newTargetGroup ? "new" : "old",
      inGate: enabled && names.includes(alarm.name),
      missing: missingData(alarm, template),
      condition: conditionOf(alarm, limit),
      worst: worstOf(alarm, valuesOf(alarm, metrics, range)),
    };
  });
}

function queriesOf({ metric, metrics = [] }: AlarmTemplate): readonly MetricQuery[] {
  return metric ? [metric] : metrics.flatMap((line) => line.metric ?? []);
}

function conditionOf(
  { metric, comparisonOperator, threshold, ...rest }: AlarmTemplate,
  limit: ParsedLimit | undefined,
): string {
  const value = metric
    ? `${metric.metricName} (${metric.statistic} of ${metric.period} s)`
    : limit
      ? `the number of ${badOf(limit)} minus their limit (${limitInWords(limit)})`
      : "its expression";
  return `${value} is ${COMPARISONS[comparisonOperator]} ${threshold} in ${rest.datapointsToAlarm} of ${rest.evaluationPeriods}`;
}

function badOf({ judged: { bad } }: ParsedLimit): string {
  return bad.kind === "failedRequests" ? "failed requests" : `answers later than ${bad.slowSeconds} s`;
}

function limitInWords({ normalShare, sigmas, allowance, windowSeconds }: ParsedLimit): string {
  const share = Number((normalShare * 100).toFixed(9));
  return `${share} % of the requests of ${windowSeconds} s + ${sigmas} standard deviations + ${allowance}`;
}

/** Returns the published value in each window that the alarm may have evaluated. */
function valuesOf(
  { metric, metrics: lines = [], evaluationWindow }: AlarmTemplate,
  metrics: Pick<MetricsPart, "read">,
  { from, to, settings }: Range,
): readonly number[] {
  const returned = lines.find(({ returnData }) => returnData);
  const math = returned && compileMath(lines);
  const period = metric?.period ?? math?.period;
  if (period === undefined) return [];
  const read = (query: MetricQuery, boundaries: readonly number[]) => metrics.read(query, boundaries);
  const points = (boundaries: readonly number[]) =>
    metric ? read(metric, boundaries) : (math?.evaluate(returned?.id ?? "", read, boundaries) ?? []);
  const windowsUntil = boundariesOf(evaluationWindow, period, settings.wallClockWeekStartsOn);
  const stepMs = evaluationIntervalMs(period);
  const ends = Array.from({ length: Math.ceil((to - from) / stepMs) }, (_, index) => from + (index + 1) * stepMs);
  return ends.flatMap((end) => points(windowsUntil(end, 1)).map(({ value }) => value));
}

function worstOf({ comparisonOperator }: AlarmTemplate, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const worst = comparisonOperator.startsWith("Less") ? Math.min(...values) : Math.max(...values);
  return Number(worst.toFixed(3));
}
