import type { MetricQuery } from "../template";

/** One visible bucket of a metric. */
export interface Datapoint {
  /** Start of the bucket. */
  readonly at: number;
  readonly value: number;
  readonly sampleCount: number;
}

/** How long the store keeps the single values behind percentiles, in simulated milliseconds. */
export const VALUES_RETAINED_MS = 3 * 3_600_000;

/** The store of metrics. */
export interface MetricsPart {
  /** Adds one sample at the clock's now. */
  put(sample: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly value: number;
  }): void;
  /**
   * One datapoint for each period that has data which is already published, oldest first.
   * @param boundaries where periods begin and end, oldest first: n + 1 boundaries are n periods
   */
  read(query: MetricQuery, boundaries: readonly number[]): readonly Datapoint[];
  list(): readonly {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
  }[];
}
