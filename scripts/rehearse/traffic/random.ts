/** Numbers in [0, 1), the same sequence for the same seed, so that two rehearsals send the same operations. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  // xorshift32 on a state spread by a multiplication; never 0.
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
