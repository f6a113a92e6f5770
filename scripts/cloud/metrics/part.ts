import type { MetricQuery } from "../template";

/** One visible bucket of a metric. Times are simulated milliseconds since the Unix epoch. */
export interface Datapoint {
  /** Start of the bucket. */
  readonly at: number;
  readonly value: number;
  readonly sampleCount: number;
}

/** How long the store keeps single values, which percentiles need, in simulated milliseconds. */
export const VALUES_RETAINED_MS = 3 * 3_600_000;

/** The store of metrics. */
export interface MetricsPart {
  /** Adds one sample at the current time of the clock. */
  put(sample: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly value: number;
  }): void;
  /**
   * Reads a metric: one datapoint for each period with published data, oldest first.
   * @param boundaries where periods begin and end, oldest first: n + 1 boundaries are n periods
   */
  read(query: MetricQuery, boundaries: readonly number[]): readonly Datapoint[];
  /** All metrics that have had a sample. */
  list(): readonly {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
  }[];
}
