/**
 * Returns a generator of pseudo-random numbers in [0, 1). The same seed gives the same sequence, so that two rehearsals
 * send the same requests.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  // xorshift32; the multiplication spreads similar seeds, and the state must not be 0.
  state = Math.imul(state ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 0x1_0000_0000;
  };
}
