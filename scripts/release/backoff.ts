/** The longest wait after failures, in poll intervals. */
const CAP_INTERVALS = 12;
/** Share of the interval that a regular poll may come early or late, so that many watchers don't call in step. */
const JITTER = 0.1;

/**
 * Milliseconds until the next poll. Regular polls come every interval, give or take a tenth; after failures the wait
 * doubles with each one up to twelve intervals, and half of it is left to chance. Pure.
 *
 * @param intervalMs regular interval, milliseconds
 * @param failures polls failed in a row; 0 after a good one
 * @param random in [0, 1)
 */
export function nextDelay(intervalMs: number, failures: number, random: number): number {
  if (failures === 0) return intervalMs * (1 - JITTER + 2 * JITTER * random);
  const wait = Math.min(intervalMs * 2 ** failures, intervalMs * CAP_INTERVALS);
  return wait / 2 + (wait / 2) * random;
}
