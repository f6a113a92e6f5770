import type { ThresholdKind } from "../config/alarms-schema";
import type { LimitKind } from "../gate/presets";

/** A line of a graph: a metric of AWS/ApplicationELB, its statistic, and its label. */
export type GraphLine = readonly [metricName: string, statistic: string, label: string];

/** What the alarms of one kind with a threshold watch, and how the dashboard draws it. */
export interface WatchedMetric {
  /** A metric of AWS/ApplicationELB. */
  readonly metricName: string;
  readonly statistic: string;
  /** The beginning of the alarm's description: what is wrong, for the person whom the alarm wakes up. */
  readonly problem: string;
  readonly graph: {
    readonly title: string;
    /** Label of the watched metric. */
    readonly label: string;
    /** Lines drawn before the watched metric. */
    readonly before?: readonly GraphLine[];
    /** Lines drawn after the watched metric. */
    readonly after?: readonly GraphLine[];
  };
}

/**
 * What each kind of alarm with a threshold watches. The dashboard draws the graphs in this order. Metrics:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html.
 */
export const WATCHED: Readonly<Record<ThresholdKind, WatchedMetric>> = {
  target5xx: {
    metricName: "HTTPCode_Target_5XX_Count",
    statistic: "Sum",
    problem: "The service answers with 5xx",
    graph: { title: "5xx of the service", label: "5xx" },
  },
  responseTime: {
    metricName: "TargetResponseTime",
    statistic: "Average",
    problem: "The service answers slowly (seconds)",
    graph: { title: "Response time (seconds)", label: "average", after: [["TargetResponseTime", "p99", "p99"]] },
  },
  unhealthyHosts: {
    metricName: "UnHealthyHostCount",
    statistic: "Maximum",
    problem: "Targets fail their health checks",
    graph: { title: "Tasks", label: "unhealthy", before: [["HealthyHostCount", "Minimum", "healthy"]] },
  },
  // The 5xx alarm does not see a crashed container: the load balancer answers 502 itself, which is no 5xx of the target.
  connectionErrors: {
    metricName: "TargetConnectionErrorCount",
    statistic: "Sum",
    problem: "The load balancer can't connect to targets",
    graph: { title: "Connection errors", label: "errors" },
  },
};

/** The words for the alarms of one kind with a limit. */
export interface LimitWords {
  /** The beginning of the alarm's description. */
  readonly problem: string;
  /** Which requests are bad. */
  readonly bad: string;
  /** Title of the graph. */
  readonly title: string;
}

/** The words for each kind of alarm with a limit. */
export const LIMIT_WORDS: Readonly<Record<LimitKind, (slowSeconds: number) => LimitWords>> = {
  failedRequests: () => ({
    problem: "Too many requests fail",
    bad: "answers with 5xx and failed connections to targets",
    title: "Failed requests and their limit",
  }),
  slowRequests: (slowSeconds) => ({
    problem: "Too many requests are slow",
    bad: `answers later than ${slowSeconds} s`,
    title: `Answers later than ${slowSeconds} s, and their limit`,
  }),
};
