import type { CloudSettings } from "../settings";

/** The namespace of an Application Load Balancer's metrics. */
export const ALB_NAMESPACE = "AWS/ApplicationELB";

/** The unit of a metric's samples: counts and seconds for an ALB, none for a custom metric. */
export function unitOf(namespace: string, metricName: string): "Count" | "Seconds" | "None" {
  if (namespace !== ALB_NAMESPACE) return "None";
  return metricName === "TargetResponseTime" ? "Seconds" : "Count";
}

const SECOND = 1_000;
const MINUTE = 60_000;

/** When a namespace's samples become visible in CloudWatch. Times are simulated milliseconds. */
export interface Publication {
  /** Timestamps are rounded down to a multiple of this: the length of a bucket. */
  readonly resolutionMs: number;
  /** From the end of a bucket until it becomes visible. */
  readonly delayMs: number;
}

/**
 * When the samples of a namespace become visible. An ALB publishes once a minute, so all samples of a minute have its
 * start as their time: an alarm with a period of 30 s finds every second bucket empty. All other namespaces are custom
 * metrics with a resolution of one second, visible at once.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function publicationOf(namespace: string, settings: Pick<CloudSettings, "metricDelaySeconds">): Publication {
  return namespace === ALB_NAMESPACE
    ? { resolutionMs: MINUTE, delayMs: settings.metricDelaySeconds * SECOND }
    : { resolutionMs: SECOND, delayMs: 0 };
}
