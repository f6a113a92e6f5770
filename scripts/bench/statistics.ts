/** Median of the samples. @throws RangeError without samples */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError("no samples to take a median of");
  return (lower + upper) / 2;
}

/** The value that `share` (0 to 1) of the samples do not exceed. @throws RangeError without samples */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError("no samples to take a percentile of");
  return value;
}

/**
 * The median over all rounds of each round's percentile, so that a burst of other load on this machine affects one round
 * and not the result.
 * @param share of the percentile, 0 to 1
 * @throws RangeError without rounds, or when a round has no samples
 */
export function percentileOfRounds(rounds: readonly (readonly number[])[], share: number): number {
  return median(rounds.map((samples) => percentile(samples, share)));
}

/** Formats a number with `digits` decimals, and commas between thousands. */
export function figure(value: number, digits = 0): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
