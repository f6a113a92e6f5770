import type { CompositeAlarm, Dimension, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { limitOfAlarm } from "./alarm-limit";

/**
 * What an alarm measures:
 *
 * - `new`: the target group that the new version will use. `live`: the one that has the traffic now. `both`: both of them.
 * - `other`: only another load balancer or target group.
 * - `nothing`: its state can't change.
 * - `unknown`: a metric that doesn't name a target group, such as a custom metric. It may measure the new version.
 */
export type AlarmScope = "new" | "live" | "both" | "other" | "nothing" | "unknown";

/** Load balancer and target groups of a service, as dimensions of AWS/ApplicationELB name them: suffixes of ARNs. */
export interface MetricDimensions {
  /** `app/<name>/<id>`; undefined when not known. */
  readonly loadBalancer?: string | undefined;
  /** `targetgroup/<name>/<id>` of the live version. */
  readonly live?: string | undefined;
  /** `targetgroup/<name>/<id>` that the new version will use. */
  readonly next?: string | undefined;
}

const LOAD_BALANCER = "AWS/ApplicationELB";

/** The definition of an alarm by its name; undefined when it could not be read. */
export type DefinitionOf = (name: string) => MetricAlarm | CompositeAlarm | undefined;

/**
 * What an alarm measures: by its metrics, or for a composite alarm by those of the alarms that its rule names. Pure.
 *
 * @param definitionOf gives the alarms that rules name
 */
export function scopeOf(
  alarm: MetricAlarm | CompositeAlarm,
  reached: MetricDimensions,
  definitionOf: DefinitionOf = () => undefined,
): AlarmScope {
  return scopeWithin(alarm, reached, definitionOf, []);
}

/** @param outer names of the composite alarms around this one: CloudWatch allows a cycle of them */
function scopeWithin(
  alarm: MetricAlarm | CompositeAlarm,
  reached: MetricDimensions,
  definitionOf: DefinitionOf,
  outer: readonly string[],
): AlarmScope {
  if (!isComposite(alarm)) return combined(judgedMetricsOf(alarm).map((metric) => scopeOfMetric(metric, reached)));
  const names = alarmsInRule(alarm.AlarmRule);
  if (names.length === 0) return "nothing";
  const within = [...outer, alarm.AlarmName ?? ""];
  const scopes = names.map((name) => {
    const child = within.includes(name) ? undefined : definitionOf(name);
    return child === undefined ? "unknown" : scopeWithin(child, reached, definitionOf, within);
  });
  const changing = scopes.filter((scope) => scope !== "nothing");
  return changing.length === 0 ? "nothing" : combined(changing);
}

/** Whether it is a composite alarm: its rule decides its state. Pure. */
export function isComposite(
  alarm: MetricAlarm | CompositeAlarm,
): alarm is CompositeAlarm & { readonly AlarmRule: string } {
  return "AlarmRule" in alarm && alarm.AlarmRule !== undefined;
}

/**
 * Names of the alarms in the rule of a composite alarm, each once. A rule names them by name or ARN, in quotes where the name has
 * more than letters and digits; it may also consist of constants only (TRUE, FALSE). Pure.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (AlarmRule)
 */
export function alarmsInRule(rule: string): readonly string[] {
  const named = rule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|([^"]*?))\s*\)/gi);
  const names = [...named].map(([, quoted, bare = ""]) => quoted?.replaceAll(/\\(.)/g, "$1") ?? bare);
  return [...new Set(names.map((name) => name.replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, "")))];
}

/** What an alarm measures whose parts measure this. */
function combined(scopes: readonly AlarmScope[]): AlarmScope {
  const has = (scope: AlarmScope) => scopes.includes(scope);
  if (scopes.length === 0 || has("unknown")) return "unknown";
  if (has("both") || (has("new") && has("live"))) return "both";
  if (has("new")) return "new";
  return has("live") ? "live" : "other";
}

/**
 * The metrics of what an alarm judges: an alarm with a limit also counts the other target group, which it compares with, and judges
 * one (stacks/gate/limit.ts).
 */
function judgedMetricsOf(alarm: MetricAlarm): readonly Metric[] {
  const judged = limitOfAlarm(alarm)?.judged.targetGroup;
  const metrics = metricsOf(alarm);
  if (judged === undefined) return metrics;
  return metrics.filter(({ dimensions }) =>
    dimensions.some(({ Name, Value }) => Name === "TargetGroup" && Value === judged),
  );
}

interface Metric {
  readonly namespace: string | undefined;
  readonly dimensions: readonly Dimension[];
}

/** The metrics of an alarm: a single one, or those that its expressions use. */
function metricsOf(alarm: MetricAlarm): readonly Metric[] {
  const one =
    alarm.MetricName === undefined ? [] : [{ namespace: alarm.Namespace, dimensions: alarm.Dimensions ?? [] }];
  const several = (alarm.Metrics ?? []).flatMap(({ MetricStat }) =>
    MetricStat?.Metric
      ? [{ namespace: MetricStat.Metric.Namespace, dimensions: MetricStat.Metric.Dimensions ?? [] }]
      : [],
  );
  return [...one, ...several];
}

function scopeOfMetric({ namespace, dimensions }: Metric, { loadBalancer, live, next }: MetricDimensions): AlarmScope {
  if (namespace !== LOAD_BALANCER) return "unknown";
  const value = (name: string) => dimensions.find((dimension) => dimension.Name === name)?.Value;
  const [balancer, group] = [value("LoadBalancer"), value("TargetGroup")];
  if (balancer !== undefined && loadBalancer !== undefined && balancer !== loadBalancer) return "other";
  if (group === undefined) return balancer === undefined ? "unknown" : "both";
  if (live === undefined || next === undefined) return "unknown";
  if (group === next) return "new";
  return group === live ? "live" : "other";
}

/**
 * Minutes for which the metric has to be bad until the alarm fires; undefined when not known. The number of periods is
 * `DatapointsToAlarm` or, without it, `EvaluationPeriods`. Pure.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
 */
export function firesAfterMinutes(alarm: MetricAlarm | CompositeAlarm): number | undefined {
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = alarm as MetricAlarm;
  const seconds = periodSecondsOf(alarm) * (DatapointsToAlarm ?? 0);
  return seconds > 0 ? Math.round(seconds / 6) / 10 : undefined;
}

/**
 * How late CloudWatch shows the metrics of a load balancer, in seconds: it publishes each minute's within about a minute after its
 * end, and an alarm reads only whole periods.
 */
const METRIC_DELAY_SECONDS = 150;

/**
 * Minutes that an alarm stays in ALARM at least after the last bad request: as long as its window has that request, and until
 * CloudWatch shows it. Undefined when not known. Pure.
 */
export function leavesAlarmAfterMinutes(alarm: MetricAlarm | CompositeAlarm): number | undefined {
  const { EvaluationPeriods } = alarm as MetricAlarm;
  const seconds = periodSecondsOf(alarm) * (EvaluationPeriods ?? 0);
  return seconds > 0 ? Math.ceil((seconds + METRIC_DELAY_SECONDS) / 60) : undefined;
}

/** The longest period of an alarm's metrics; 0 when not known. */
function periodSecondsOf(alarm: MetricAlarm | CompositeAlarm): number {
  const { Period, Metrics = [] } = alarm as MetricAlarm;
  const periods = [Period, ...Metrics.flatMap((each) => [each.Period, each.MetricStat?.Period])];
  return Math.max(0, ...periods.filter((period) => period !== undefined));
}

/** Whether an alarm with this scope can measure the new version. Pure. */
export function canSeeNewVersion(scope: AlarmScope): boolean {
  return scope === "new" || scope === "both" || scope === "unknown";
}
