/**
 * How long a response took, in simulated milliseconds. The cloud's clock may run many times as fast as this machine
 * computes, and computing takes as long here as it does anywhere: the first `realMs` of a response count as they are,
 * and what goes beyond is waiting, which the clock speeds up. At speed 1 it is simply the time that passed.
 *
 * @param elapsedMs simulated milliseconds that passed
 * @param speed simulated milliseconds in one of the wall
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
