import type { CloudSettings } from "../settings";

/** The namespace of an Application Load Balancer's metrics. */
export const ALB_NAMESPACE = "AWS/ApplicationELB";

/**
 * The unit that samples carry. Those of an ALB are counts and seconds, a custom metric's have none unless it says so.
 */
export function unitOf(namespace: string, metricName: string): "Count" | "Seconds" | "None" {
  if (namespace !== ALB_NAMESPACE) return "None";
  return metricName === "TargetResponseTime" ? "Seconds" : "Count";
}

const SECOND = 1_000;
const MINUTE = 60_000;

/** How a namespace's samples reach CloudWatch. Simulated milliseconds. */
export interface Publication {
  /** Timestamps are truncated to a multiple of this. */
  readonly resolutionMs: number;
  /** How long after a bucket of that resolution closed it becomes visible. */
  readonly delayMs: number;
}

/**
 * How the samples of a namespace reach CloudWatch. An ALB publishes once a minute, so all samples of a minute carry
 * its start: an alarm with a period of 30 s finds every second bucket empty. Anything else is a custom metric of one
 * second's resolution, visible at once.
 */
export function publicationOf(namespace: string, settings: CloudSettings): Publication {
  return namespace === ALB_NAMESPACE
    ? { resolutionMs: MINUTE, delayMs: settings.metricDelaySeconds * SECOND }
    : { resolutionMs: SECOND, delayMs: 0 };
}
