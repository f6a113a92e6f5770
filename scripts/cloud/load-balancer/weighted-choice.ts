interface Entry<T> {
  readonly value: T;
  readonly weight: number;
  credit: number;
}

/**
 * Smooth weighted round robin. Among as many choices as the sum of the weights, each value is chosen as often as its
 * weight, evenly spread. With weights 90 and 10, every tenth choice is the second value.
 */
export class WeightedChoice<T> {
  private readonly entries: readonly Entry<T>[];
  private readonly total: number;

  /** @param weighted values with weights of 0 or more; a value of weight 0 is never chosen */
  constructor(weighted: readonly { readonly value: T; readonly weight: number }[]) {
    this.entries = weighted
      .filter(({ weight }) => weight > 0)
      .map(({ value, weight }) => ({ value, weight, credit: 0 }));
    this.total = this.entries.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** Chooses the next value; undefined when no value has a weight above 0. */
  next(): T | undefined {
    let best: Entry<T> | undefined;
    for (const entry of this.entries) {
      entry.credit += entry.weight;
      if (!best || entry.credit > best.credit) best = entry;
    }
    if (best) best.credit -= this.total;
    return best?.value;
  }
}
