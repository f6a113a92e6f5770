import { parseLimit } from "../../stacks/gate/limit";
import type { AlarmTemplate } from "../cloud/template";

/** Share of an alarm's response time above which a slow machine alone may set off the alarm. */
const WARNING_SHARE = 0.5;

/**
 * Returns the shortest response time, in milliseconds, that is too long for an alarm: as the average of a period, or as an
 * answer that counts as slow. Infinity without such an alarm.
 */
export function responseTimeThresholdMs(alarms: readonly AlarmTemplate[]): number {
  const seconds = alarms.flatMap(({ metric, metrics = [], threshold }) => {
    if (metric) return metric.metricName === "TargetResponseTime" ? [threshold] : [];
    const bad = parseLimit(metrics)?.judged.bad;
    return bad?.kind === "slowRequests" ? [bad.slowSeconds] : [];
  });
  return Math.min(...seconds) * 1000;
}

/**
 * Returns a warning when the response time of the old version is close to what is too long for an alarm.
 * The clock runs `speed` times as fast, so each millisecond of a response after the first few counts `speed` times
 * (../cloud/load-balancer/response-time.ts).
 * @param averageMs average response time before the release, in simulated milliseconds
 * @returns undefined when no warning is needed
 */
export function slowMachineWarning(
  averageMs: number | undefined,
  thresholdMs: number,
  speed: number,
): string | undefined {
  if (averageMs === undefined || averageMs < thresholdMs * WARNING_SHARE) return undefined;
  return (
    `this machine is slow for --speed ${speed}: version 1 answers in ${Math.round(averageMs)} simulated ms on average, ` +
    `and more than ${thresholdMs} ms are too long for an alarm; try a lower --speed or --rps`
  );
}
