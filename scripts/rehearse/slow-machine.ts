import type { AlarmTemplate } from "../cloud/template";

/** Share of the response-time alarm's threshold above which a slow machine alone may set off the alarm. */
const WARNING_SHARE = 0.5;

/** Returns the lowest threshold of the response-time alarms, in milliseconds; Infinity without such an alarm. */
export function responseTimeThresholdMs(alarms: readonly AlarmTemplate[]): number {
  const thresholds = alarms
    .filter(({ metric }) => metric?.metricName === "TargetResponseTime")
    .map(({ threshold }) => threshold * 1000);
  return Math.min(...thresholds);
}

/**
 * Returns a warning when the response time of the old version is close to the threshold of the response-time alarm.
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
    `and the response-time alarm fires above ${thresholdMs} ms; try a lower --speed or --rps`
  );
}
