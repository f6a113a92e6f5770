import type { CloudSettings } from "../settings";
import type { EvaluationWindow } from "../template";
import { timeZoneOf, type TimeZone } from "./time-zone";

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

/** The periods, in seconds, that a wall clock window may have. Source: see {@link boundariesOf}. */
const WALL_CLOCK_PERIODS: readonly number[] = [60, 300, HOUR_SECONDS, DAY_SECONDS, WEEK_SECONDS];

/**
 * How often alarms are evaluated, in simulated milliseconds: alarms with periods below a minute every ten seconds,
 * others every minute. Source: see {@link boundariesOf}.
 */
export const EVALUATION_INTERVALS_MS = [10_000, 60_000] as const;

/** Days from the start of the Unix epoch, a Thursday, to the first day on which a week begins. */
const FIRST_DAYS = { sunday: 3, monday: 4 } as const;

/** Gives the boundaries of the newest `count` periods that end at or before a time, oldest first. */
export type Boundaries = (time: number, count: number) => readonly number[];

/** How often an alarm with this period is evaluated, in simulated milliseconds. */
export function evaluationIntervalMs(periodSeconds: number): (typeof EVALUATION_INTERVALS_MS)[number] {
  const [short, long] = EVALUATION_INTERVALS_MS;
  return periodSeconds < 60 ? short : long;
}

/**
 * Where the periods of an alarm begin and end.
 *
 * - A sliding window, the default, ends at the newest minute (for short periods: ten seconds) and moves on with each
 *   evaluation.
 * - A wall clock window holds whole periods only: the hour begins at the full hour, the day at midnight and the week on
 *   the day of the setting, in the window's time zone.
 *
 * Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_WallClockWindow.html
 *
 * @param window absent: sliding
 * @param weekStartsOn as in the settings of the cloud
 * @throws RangeError for a wall clock window with a period that CloudWatch does not allow, or an unknown time zone
 */
export function boundariesOf(
  window: EvaluationWindow | undefined,
  periodSeconds: number,
  weekStartsOn: CloudSettings["wallClockWeekStartsOn"],
): Boundaries {
  if (window?.type === "wallClock") {
    if (!WALL_CLOCK_PERIODS.includes(periodSeconds)) {
      throw new RangeError(
        `the period of a wall clock window is one of ${WALL_CLOCK_PERIODS.join(", ")} seconds, not ${periodSeconds}`,
      );
    }
    return wallClockBoundaries(periodSeconds, timeZoneOf(window.timeZone ?? "UTC"), FIRST_DAYS[weekStartsOn]);
  }
  const periodMs = periodSeconds * 1_000;
  const step = evaluationIntervalMs(periodSeconds);
  return (time, count) => {
    const end = time - (time % step);
    return Array.from({ length: count + 1 }, (_, index) => end - (count - index) * periodMs);
  };
}

function wallClockBoundaries(periodSeconds: number, zone: TimeZone, firstDay: number): Boundaries {
  const periodMs = periodSeconds * 1_000;
  const shiftMs = periodSeconds === WEEK_SECONDS ? firstDay * DAY_SECONDS * 1_000 : 0;
  /** The newest boundary at or before a time. */
  const boundaryBefore = (time: number): number => {
    const local = time + zone.offsetAt(time) - shiftMs;
    const boundary = local - (local % periodMs) + shiftMs;
    const guess = boundary - zone.offsetAt(time);
    // The offset at the boundary differs when daylight saving time began or ended in between.
    const exact = boundary - zone.offsetAt(guess);
    return exact <= time ? exact : guess;
  };
  return (time, count) => {
    const boundaries = [boundaryBefore(time)];
    for (let oldest = boundaries[0] ?? time; boundaries.length <= count;) {
      oldest = boundaryBefore(oldest - 1);
      boundaries.unshift(oldest);
    }
    return boundaries;
  };
}
