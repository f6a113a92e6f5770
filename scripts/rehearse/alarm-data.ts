import { ALB_METRICS, ALB_NAMESPACE } from "../cloud/metrics/publication";
import type { AlarmTemplate, MetricQuery, TargetGroupTemplate, Template } from "../cloud/template";

/** What the local load balancer publishes about. */
export interface Published {
  readonly loadBalancer: Pick<Template["loadBalancer"], "arnSuffix">;
  readonly targetGroups: readonly Pick<TargetGroupTemplate, "arnSuffix">[];
}

/** The data that an alarm lacks in the local cloud: all of it, or that of some of its metrics. */
export interface MissingData {
  readonly what: "all" | "part";
  /** In words, e.g. `the local cloud publishes no AWS/ECS CPUUtilization`. */
  readonly why: string;
}

/** The data that an alarm has on AWS and lacks in the local cloud; undefined when it lacks none. Pure. */
export function missingData({ metric, metrics = [] }: AlarmTemplate, published: Published): MissingData | undefined {
  const read = [metric, ...metrics.map((query) => query.metric)].flatMap((one) => one ?? []);
  const reasons = read.map((one) => unpublished(one, published));
  const why = [...new Set(reasons.filter((reason) => reason !== undefined))];
  if (why.length === 0) return undefined;
  return { what: reasons.includes(undefined) ? "part" : "all", why: why.join("; ") };
}

function unpublished({ namespace, metricName, dimensions }: MetricQuery, published: Published): string | undefined {
  const { LoadBalancer, TargetGroup, ...others } = dimensions;
  const scope = namespace === ALB_NAMESPACE ? ALB_METRICS[metricName] : undefined;
  if (scope === undefined) return `the local cloud publishes no ${namespace} ${metricName}`;
  if (LoadBalancer !== published.loadBalancer.arnSuffix)
    return `it is about ${LoadBalancer ?? "no load balancer"}, not about the one of the service`;
  if (TargetGroup !== undefined && !published.targetGroups.some(({ arnSuffix }) => arnSuffix === TargetGroup))
    return `it is about ${TargetGroup}, which is none of the service's target groups`;
  if (scope === "loadBalancer" && TargetGroup !== undefined)
    return `the local cloud publishes ${metricName} for the whole load balancer only`;
  if (scope === "targetGroup" && TargetGroup === undefined)
    return `the local cloud publishes ${metricName} for each target group only`;
  const [other] = Object.keys(others);
  return other === undefined ? undefined : `the local cloud publishes ${metricName} without the dimension ${other}`;
}
