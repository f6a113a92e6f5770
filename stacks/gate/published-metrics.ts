/** What a load balancer publishes about a metric of a target group. */
interface Published {
  /** The statistics that say something, beside percentiles and percentile ranks of times. */
  readonly statistics: readonly string[];
  /** Whether percentiles such as p99 and percentile ranks such as PR(1.5:) say something. */
  readonly percentiles: boolean;
}

const COUNT: Published = { statistics: ["Sum"], percentiles: false };
const HOSTS: Published = { statistics: ["Average", "Minimum", "Maximum"], percentiles: false };

/**
 * The metrics that an Application Load Balancer publishes with the dimensions TargetGroup and LoadBalancer, as far as the alarms
 * use them. The load balancer's own errors, HTTPCode_ELB_5XX_Count with its 502 and 504, are not among them: they have no
 * dimension TargetGroup. So a target that accepts a connection and then resets it is seen only by health checks.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
const PUBLISHED: Readonly<Record<string, Published>> = {
  RequestCount: COUNT,
  HTTPCode_Target_5XX_Count: COUNT,
  TargetConnectionErrorCount: COUNT,
  TargetResponseTime: { statistics: ["Average", "Minimum", "Maximum", "SampleCount"], percentiles: true },
  HealthyHostCount: HOSTS,
  UnHealthyHostCount: HOSTS,
};
const DIMENSIONS = "LoadBalancer, TargetGroup";

/** A metric that an alarm or a graph reads. */
export interface ReadMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
}

/**
 * Finds out why a metric would never have data, or data that says nothing, so that an alarm on it could not fire.
 * @returns undefined when the load balancer publishes it
 */
export function whyWithoutData({
  namespace,
  metricName,
  dimensions,
  statistic,
  period,
}: ReadMetric): string | undefined {
  if (namespace !== "AWS/ApplicationELB") return `a load balancer publishes in AWS/ApplicationELB, not in ${namespace}`;
  const published = Object.hasOwn(PUBLISHED, metricName) ? PUBLISHED[metricName] : undefined;
  if (!published) return `a load balancer publishes no ${metricName} for a target group`;
  const names = Object.keys(dimensions).sort().join(", ");
  if (names !== DIMENSIONS) return `${metricName} has data for the dimensions ${DIMENSIONS}, not for ${names}`;
  const isPercentile = /^(p\d{1,2}(\.\d+)?|PR\(\d+(\.\d+)?:\))$/.test(statistic);
  if (!(published.statistics.includes(statistic) || (isPercentile && published.percentiles))) {
    return `the statistic ${statistic} says nothing about ${metricName}`;
  }
  return period === 10 || period === 30 || (period > 0 && period % 60 === 0 && period <= 86_400)
    ? undefined
    : `CloudWatch has no period of ${period} s`;
}
