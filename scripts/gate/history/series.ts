/** What is read of a target group's traffic, minute by minute. The keys are the ids of the queries, without the group's number. */
export const SERIES = {
  requests: { metricName: "RequestCount", statistic: () => "Sum", unit: "count" },
  failed: { metricName: "HTTPCode_Target_5XX_Count", statistic: () => "Sum", unit: "count" },
  refused: { metricName: "TargetConnectionErrorCount", statistic: () => "Sum", unit: "count" },
  answers: { metricName: "TargetResponseTime", statistic: () => "SampleCount", unit: "count" },
  slow: { metricName: "TargetResponseTime", statistic: (seconds: number) => `PR(${seconds}:)`, unit: "percent" },
  average: { metricName: "TargetResponseTime", statistic: () => "Average", unit: "seconds" },
  p50: { metricName: "TargetResponseTime", statistic: () => "p50", unit: "seconds" },
  p90: { metricName: "TargetResponseTime", statistic: () => "p90", unit: "seconds" },
  p99: { metricName: "TargetResponseTime", statistic: () => "p99", unit: "seconds" },
} as const satisfies Readonly<Record<string, Series>>;

/** What is read of a target group's traffic. */
export type SeriesName = keyof typeof SERIES;
/** The names of {@link SERIES}. */
export const SERIES_NAMES = Object.keys(SERIES) as readonly SeriesName[];

interface Series {
  readonly metricName: string;
  /** @param slowSeconds a response that takes longer is slow */
  readonly statistic: (slowSeconds: number) => string;
  readonly unit: "count" | "percent" | "seconds";
}

/** Seconds of a datapoint: alarms see minutes. */
export const PERIOD = 60;

/** A query of GetMetricData, as the AWS CLI and the SDK take it. */
export interface HistoryQuery {
  readonly Id: string;
  readonly Label: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

/** The target groups of a service and its load balancer, as the dimensions of metrics name them. */
export interface HistorySource {
  /** `app/<name>/<id>` */
  readonly loadBalancer: string;
  /** `targetgroup/<name>/<id>`, of both target groups. */
  readonly targetGroups: readonly [string, string];
}

/**
 * The queries of a service's history, by minute. A label says what its query is, and of which target group, for files
 * whose ids are different.
 */
export function historyQueries(
  { loadBalancer, targetGroups }: HistorySource,
  slowSeconds: number,
): readonly HistoryQuery[] {
  return targetGroups.flatMap((targetGroup, group) =>
    SERIES_NAMES.map((name): HistoryQuery => {
      const { metricName, statistic } = SERIES[name];
      const stat = statistic(slowSeconds);
      return {
        Id: `${name}_${group + 1}`,
        Label: `${metricName} ${stat} ${targetGroup}`,
        MetricStat: {
          Metric: {
            Namespace: "AWS/ApplicationELB",
            MetricName: metricName,
            Dimensions: [
              { Name: "TargetGroup", Value: targetGroup },
              { Name: "LoadBalancer", Value: loadBalancer },
            ],
          },
          Period: PERIOD,
          Stat: stat,
        },
      };
    }),
  );
}

/** What a label says. */
export interface ReadLabel {
  readonly name: SeriesName;
  readonly targetGroup: string;
  /** Only of the slow responses. */
  readonly slowSeconds?: number;
}

/** Reads a label that {@link historyQueries} has made; undefined for any other. */
export function readLabel(label: string): ReadLabel | undefined {
  const [metricName, statistic = "", targetGroup, ...more] = label.split(" ");
  if (targetGroup === undefined || more.length > 0) return undefined;
  const slow = /^PR\((\d+(?:\.\d+)?):\)$/.exec(statistic);
  const slowSeconds = slow ? Number(slow[1]) : 0;
  const name = SERIES_NAMES.find((one) => {
    const series: Series = SERIES[one];
    return series.metricName === metricName && series.statistic(slowSeconds) === statistic;
  });
  return name && { name, targetGroup, ...(name === "slow" && { slowSeconds }) };
}

/** Where a query's figures belong, by its id: `requests_1`. The group is 0 or 1; undefined for any other id. */
export function readId(id: string): { readonly name: SeriesName; readonly group: 0 | 1 } | undefined {
  const [, name, group] = /^([a-z0-9]+)_([12])$/.exec(id) ?? [];
  const known = SERIES_NAMES.find((one) => one === name);
  return known && { name: known, group: group === "1" ? 0 : 1 };
}
