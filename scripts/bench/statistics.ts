/** Middle value of the samples (mean of the two middle ones). @throws RangeError when there are none */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError("no samples to take a median of");
  return (lower + upper) / 2;
}

/** The value that `share` (0 to 1) of the samples do not exceed. @throws RangeError when there are none */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError("no samples to take a percentile of");
  return value;
}

/**
 * The median over rounds of what `share` (0 to 1) of a round's samples do not exceed: a burst of something else on this
 * machine spoils one round, and not the figure.
 * @throws RangeError when there are no rounds, or one has no samples
 */
export function percentileOfRounds(rounds: readonly (readonly number[])[], share: number): number {
  return median(rounds.map((samples) => percentile(samples, share)));
}

/** `value` with `digits` decimals and thousands separated by commas. */
export function figure(value: number, digits = 0): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
