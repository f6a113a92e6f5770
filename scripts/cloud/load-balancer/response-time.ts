/**
 * How long a response took, in simulated milliseconds. The cloud's clock may run many times faster than the wall clock,
 * but computing a response takes the same wall time at any speed. So the first `realMs` wall milliseconds count as they
 * are, and the clock's speed multiplies only what goes beyond, which is waiting. At speed 1 it is the elapsed time.
 *
 * @param elapsedMs simulated milliseconds that passed
 * @param speed simulated milliseconds in one wall millisecond
 * @param realMs wall milliseconds that count as they are
 */
export function responseTimeMs(elapsedMs: number, speed: number, realMs: number): number {
  const wallMs = elapsedMs / speed;
  return wallMs <= realMs ? wallMs : realMs + (wallMs - realMs) * speed;
}

/** The wall milliseconds after which a response counts as `responseMs`: the inverse of responseTimeMs. */
export function wallTimeMs(responseMs: number, speed: number, realMs: number): number {
  return responseMs <= realMs ? responseMs : realMs + (responseMs - realMs) / speed;
}
