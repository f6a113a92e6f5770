/**
 * Returns the number of requests that are due. The rate follows the clock and does not wait for answers (open-loop load),
 * so a slow service gets as many requests as a fast one.
 * @param elapsedMs simulated milliseconds since the first request
 * @param requestsPerSecond requests per simulated second
 * @param sent requests sent so far
 */
export function requestsDue(elapsedMs: number, requestsPerSecond: number, sent: number): number {
  return Math.max(0, Math.floor((elapsedMs / 1000) * requestsPerSecond) + 1 - sent);
}
