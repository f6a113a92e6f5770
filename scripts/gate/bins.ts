import type { RandomStream } from "./random";

/** A bin with a smaller share of its range practically does not occur. */
const NEVER = 1e-12;
/** Up to so many responses for each bin, to draw each response is faster than to draw each bin. */
const ONE_BY_ONE = 4;

/** Adjacent bins of response times, over which responses are spread at random. */
export class BinRange {
  /** The first bin that occurs. */
  private readonly first: number;
  /** The mean time of each bin from there on. Seconds. */
  private readonly means: Float64Array;
  /** The share of a bin in this and all later ones. */
  private readonly shares: Float64Array;
  /** The share of all bins up to and with a bin. */
  private readonly upTo: Float64Array;

  /**
   * @param from the first bin of the range
   * @param shares of the bins of the range, of any total
   * @param means of all bins, seconds
   */
  constructor(from: number, shares: readonly number[], means: readonly number[]) {
    const total = shares.reduce((sum, share) => sum + share, 0);
    const occurs = (share: number) => share > NEVER * total;
    const first = Math.max(0, shares.findIndex(occurs));
    const end = Math.max(first, shares.findLastIndex(occurs)) + 1;
    const occurring = shares.slice(first, end);
    let before = 0;
    let left = occurring.reduce((sum, share) => sum + share, 0);
    this.first = from + first;
    this.means = Float64Array.from(means.slice(from + first, from + end));
    this.upTo = Float64Array.from(occurring, (share) => (before += share / total));
    this.shares = Float64Array.from(occurring, (share) => {
      const part = share / left;
      left -= share;
      return part;
    });
  }

  /**
   * Spreads responses over the bins. Few are drawn one by one; of many, it draws for each bin how many of those that are
   * left are in it.
   * @param counts of all bins, from `offset` on; responses are added
   * @returns the sum of the response times, seconds
   */
  spread(random: RandomStream, responses: number, counts: Float64Array, offset: number): number {
    const { means, shares, upTo } = this;
    const first = offset + this.first;
    const last = means.length - 1;
    let sum = 0;
    if (responses < ONE_BY_ONE * last) {
      for (let response = 0; response < responses; response += 1) {
        const uniform = random.uniform();
        let bin = 0;
        while (bin < last && (upTo[bin] ?? 1) < uniform) bin += 1;
        counts[first + bin] = (counts[first + bin] ?? 0) + 1;
        sum += means[bin] ?? 0;
      }
      return sum;
    }
    for (let bin = 0, left = responses; left > 0; bin += 1) {
      const count = bin === last ? left : random.binomial(left, shares[bin] ?? 0);
      left -= count;
      counts[first + bin] = (counts[first + bin] ?? 0) + count;
      sum += count * (means[bin] ?? 0);
    }
    return sum;
  }
}
