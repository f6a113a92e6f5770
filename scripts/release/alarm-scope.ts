import type { CompositeAlarm, Dimension, MetricAlarm } from "@aws-sdk/client-cloudwatch";

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

/** What an alarm measures, by its metrics or its rule. Pure. */
export function scopeOf(alarm: MetricAlarm | CompositeAlarm, reached: MetricDimensions): AlarmScope {
  // A rule may consist of constants only (TRUE, FALSE, AND, OR, NOT). It names alarms as ALARM(…), OK(…) and so on.
  if ("AlarmRule" in alarm && alarm.AlarmRule !== undefined) {
    return /\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(/i.test(alarm.AlarmRule) ? "unknown" : "nothing";
  }
  const scopes = metricsOf(alarm as MetricAlarm).map((metric) => scopeOfMetric(metric, reached));
  const has = (scope: AlarmScope) => scopes.includes(scope);
  if (scopes.length === 0 || has("unknown")) return "unknown";
  if (has("both") || (has("new") && has("live"))) return "both";
  if (has("new")) return "new";
  return has("live") ? "live" : "other";
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
  const { Period, Metrics = [], EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = alarm as MetricAlarm;
  const periods = [Period, ...Metrics.flatMap((each) => [each.Period, each.MetricStat?.Period])];
  const seconds = Math.max(0, ...periods.filter((period) => period !== undefined)) * (DatapointsToAlarm ?? 0);
  return seconds > 0 ? Math.round(seconds / 6) / 10 : undefined;
}

/** Whether an alarm with this scope can measure the new version. Pure. */
export function canSeeNewVersion(scope: AlarmScope): boolean {
  return scope === "new" || scope === "both" || scope === "unknown";
}
