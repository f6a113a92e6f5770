import { normalTail } from "./distributions";

/** The response times of a version that is well: a log-normal distribution. Seconds. */
export interface Latency {
  readonly median: number;
  /** 1 % of the responses take longer. Greater than the median. */
  readonly p99: number;
}

/** How a fault makes responses later. */
export interface Slowdown {
  /** Seconds that the responses take longer. */
  readonly seconds: number;
  /** Share of the responses that take longer: the slowest ones. 1: all. */
  readonly share: number;
}

/** The quantile of the standard normal distribution that 1 % exceed. */
const Z99 = 2.3263478740408408;

/** Response times in bins. Bin i holds times above `edges[i - 1]` and up to `edges[i]`; the first and last are open. */
export interface BinnedTimes {
  /** Share of the responses in each bin. */
  readonly shares: readonly number[];
  /** Mean time of the responses in each bin. Seconds. */
  readonly means: readonly number[];
}

/**
 * The distribution of response times over bins.
 * @param edges ascending. Seconds
 * @param slowdown absent: none
 */
export function binnedTimes(latency: Latency, edges: readonly number[], slowdown?: Slowdown): BinnedTimes {
  const times = new LogNormal(latency);
  const { seconds, share } = slowdown ?? { seconds: 0, share: 1 };
  /** Times up to this are unchanged. */
  const unchanged = share >= 1 ? 0 : times.exceededBy(share);
  // A time is in (from, to] when it is unchanged and in there, or when it is later by `seconds` and in there.
  const parts = (from: number, to: number) =>
    [
      { from, to: Math.min(to, unchanged), added: 0 },
      { from: Math.max(from - seconds, unchanged), to: to - seconds, added: seconds },
    ].filter((part) => part.to > part.from);
  const bins = [...edges, Infinity].map((to, index) => {
    const found = parts(edges[index - 1] ?? 0, to).map((part) => ({
      share: times.share(part.from, part.to),
      sum: times.sum(part.from, part.to) + part.added * times.share(part.from, part.to),
    }));
    const total = found.reduce((sum, part) => sum + part.share, 0);
    return { share: total, mean: total > 0 ? found.reduce((sum, part) => sum + part.sum, 0) / total : 0 };
  });
  return { shares: bins.map((bin) => bin.share), means: bins.map(({ mean }) => mean) };
}

class LogNormal {
  private readonly mu: number;
  private readonly sigma: number;

  constructor({ median, p99 }: Latency) {
    this.mu = Math.log(median);
    this.sigma = (Math.log(p99) - this.mu) / Z99;
  }

  /** The share of the times above `from` and up to `to`. */
  share(from: number, to: number): number {
    return Math.max(0, this.tail(from, 0) - this.tail(to, 0));
  }

  /** The sum of these times, divided by the number of all times. */
  sum(from: number, to: number): number {
    const { mu, sigma } = this;
    return Math.exp(mu + (sigma * sigma) / 2) * Math.max(0, this.tail(from, sigma) - this.tail(to, sigma));
  }

  /** The time that a share of the times exceed. */
  exceededBy(share: number): number {
    let [low, high] = [-40, 40];
    for (let step = 0; step < 60; step += 1) {
      const middle = (low + high) / 2;
      if (normalTail(middle) > share) low = middle;
      else high = middle;
    }
    return Math.exp(this.mu + this.sigma * low);
  }

  private tail(time: number, shift: number): number {
    if (time <= 0) return 1;
    return time === Infinity ? 0 : normalTail((Math.log(time) - this.mu) / this.sigma - shift);
  }
}
