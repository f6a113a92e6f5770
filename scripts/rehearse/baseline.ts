import type { AlarmTemplate } from "../cloud/template";

/** Part of the response-time alarm's threshold from which on the machine itself may set the alarm off. */
const NEAR = 0.5;

/**
 * What to say when the old version's own responses come near the response-time alarm: on a clock that runs `speed`
 * times as fast, a real millisecond counts `speed` times.
 * @param averageMs average response time before the release, simulated milliseconds
 * @returns undefined when there is nothing to say
 */
export function slowMachineWarning(
  averageMs: number | undefined,
  alarms: readonly AlarmTemplate[],
  speed: number,
): string | undefined {
  const thresholds = alarms
    .filter(({ metric }) => metric?.metricName === "TargetResponseTime")
    .map(({ threshold }) => threshold * 1000);
  const lowest = Math.min(...thresholds);
  if (averageMs === undefined || averageMs < lowest * NEAR) return undefined;
  return (
    `this machine is slow for --speed ${speed}: version 1 answers in ${Math.round(averageMs)} simulated ms on average, ` +
    `and the response-time alarm fires above ${lowest} ms; try a lower --speed or --rps`
  );
}
