import type { CloudSettings } from "../settings";

/** The namespace of an Application Load Balancer's metrics. */
export const ALB_NAMESPACE = "AWS/ApplicationELB";

/** What a metric of a load balancer is published for: each target group, the whole load balancer, or both. */
export type AlbMetricScope = "targetGroup" | "loadBalancer" | "both";

/**
 * The metrics of AWS/ApplicationELB that the local load balancer publishes. An ALB has more, such as RequestCountPerTarget.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export const ALB_METRICS: Readonly<Record<string, AlbMetricScope>> = {
  RequestCount: "both",
  HTTPCode_Target_2XX_Count: "both",
  HTTPCode_Target_3XX_Count: "both",
  HTTPCode_Target_4XX_Count: "both",
  HTTPCode_Target_5XX_Count: "both",
  TargetResponseTime: "both",
  TargetConnectionErrorCount: "both",
  HealthyHostCount: "targetGroup",
  UnHealthyHostCount: "targetGroup",
  HTTPCode_ELB_4XX_Count: "loadBalancer",
  HTTPCode_ELB_5XX_Count: "loadBalancer",
  HTTPCode_ELB_500_Count: "loadBalancer",
  HTTPCode_ELB_502_Count: "loadBalancer",
  HTTPCode_ELB_503_Count: "loadBalancer",
  HTTPCode_ELB_504_Count: "loadBalancer",
  HTTP_Fixed_Response_Count: "loadBalancer",
};

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
