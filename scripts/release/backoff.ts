/** The longest wait after failures, in poll intervals. */
const CAP_INTERVALS = 12;
/** Share of the interval by which a regular poll may be early or late, so that several watchers don't poll in step. */
const JITTER = 0.1;

/**
 * Milliseconds until the next poll. A regular poll comes after one interval, with a jitter of ten percent. The wait doubles
 * with each failure up to twelve intervals, and half of it is random. Pure.
 *
 * @param intervalMs regular interval, milliseconds
 * @param failures number of failed polls in a row; 0 after a successful one
 * @param random in [0, 1)
 */
export function nextDelay(intervalMs: number, failures: number, random: number): number {
  if (failures === 0) return intervalMs * (1 - JITTER + 2 * JITTER * random);
  const wait = Math.min(intervalMs * 2 ** failures, intervalMs * CAP_INTERVALS);
  return wait / 2 + (wait / 2) * random;
}
