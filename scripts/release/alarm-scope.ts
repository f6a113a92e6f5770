import type { CompositeAlarm, Dimension, MetricAlarm } from "@aws-sdk/client-cloudwatch";

/**
 * What an alarm looks at:
 *
 * - `new`: the target group that the new version gets. `live`: the one that has the traffic now. `both`: both of them.
 * - `other`: another load balancer or target group, and nothing else.
 * - `nothing`: it can't change its state.
 * - `unknown`: something that tells nothing of the target groups, such as a metric of one's own. It may see everything.
 */
export type AlarmScope = "new" | "live" | "both" | "other" | "nothing" | "unknown";

/** What the service is reached by. Suffixes of ARNs, as the metrics of AWS/ApplicationELB have them for dimensions. */
export interface MetricDimensions {
  /** `app/<name>/<id>`; undefined: not known. */
  readonly loadBalancer?: string | undefined;
  /** `targetgroup/<name>/<id>` of the one with the live version. */
  readonly live?: string | undefined;
  /** The same of the one that the new version gets. */
  readonly next?: string | undefined;
}

const LOAD_BALANCER = "AWS/ApplicationELB";

/** What an alarm looks at. Pure. */
export function scopeOf(alarm: MetricAlarm | CompositeAlarm, reached: MetricDimensions): AlarmScope {
  // A rule of constants alone: TRUE, FALSE, AND, OR, NOT. An alarm in a rule stands in ALARM(…), OK(…) or the like.
  if ("AlarmRule" in alarm && alarm.AlarmRule !== undefined) {
    return /\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(/i.test(alarm.AlarmRule) ? "unknown" : "nothing";
  }
  const sights = metricsOf(alarm as MetricAlarm).map((metric) => scopeOfMetric(metric, reached));
  const has = (sight: AlarmScope) => sights.includes(sight);
  if (sights.length === 0 || has("unknown")) return "unknown";
  if (has("both") || (has("new") && has("live"))) return "both";
  if (has("new")) return "new";
  return has("live") ? "live" : "other";
}

interface Metric {
  readonly namespace: string | undefined;
  readonly dimensions: readonly Dimension[];
}

/** The metrics of an alarm: its only one, or those of its expressions. */
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
 * Minutes for which the metric has to be bad until the alarm fires; undefined: not known. So many periods as
 * `DatapointsToAlarm` says, or else all that are evaluated. Source: API reference of CloudWatch, MetricAlarm. Pure.
 */
export function firesAfterMinutes(alarm: MetricAlarm | CompositeAlarm): number | undefined {
  const { Period, Metrics = [], EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = alarm as MetricAlarm;
  const periods = [Period, ...Metrics.flatMap((each) => [each.Period, each.MetricStat?.Period])];
  const seconds = Math.max(0, ...periods.filter((period) => period !== undefined)) * (DatapointsToAlarm ?? 0);
  return seconds > 0 ? Math.round(seconds / 6) / 10 : undefined;
}

/** Whether an alarm of this sight can see the new version. Pure. */
export function canSeeNewVersion(sight: AlarmScope): boolean {
  return sight === "new" || sight === "both" || sight === "unknown";
}
