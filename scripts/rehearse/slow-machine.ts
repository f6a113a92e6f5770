import type { AlarmTemplate } from "../cloud/template";

/** Part of the response-time alarm's threshold from which on the machine itself may set the alarm off. */
const NEAR = 0.5;

/** The lowest threshold of the response-time alarms, in milliseconds; Infinity where there is none. */
export function responseTimeThresholdMs(alarms: readonly AlarmTemplate[]): number {
  const thresholds = alarms
    .filter(({ metric }) => metric?.metricName === "TargetResponseTime")
    .map(({ threshold }) => threshold * 1000);
  return Math.min(...thresholds);
}

/**
 * What to say when the old version's own responses come near the response-time alarm: on a clock that runs `speed`
 * times as fast, what a response takes beyond its first milliseconds counts `speed` times
 * (../cloud/load-balancer/response-time.ts).
 * @param averageMs average response time before the release, simulated milliseconds
 * @returns undefined when there is nothing to say
 */
export function slowMachineWarning(
  averageMs: number | undefined,
  thresholdMs: number,
  speed: number,
): string | undefined {
  if (averageMs === undefined || averageMs < thresholdMs * NEAR) return undefined;
  return (
    `this machine is slow for --speed ${speed}: version 1 answers in ${Math.round(averageMs)} simulated ms on average, ` +
    `and the response-time alarm fires above ${thresholdMs} ms; try a lower --speed or --rps`
  );
}
