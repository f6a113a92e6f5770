import type { Bucket } from "./bucket";

/** Computes one statistic of a bucket; undefined when the bucket no longer has the values that it needs. */
export type Statistic = (bucket: Bucket) => number | undefined;

const BASIC: Readonly<Record<string, Statistic>> = {
  Average: (bucket) => bucket.sum / bucket.count,
  Sum: (bucket) => bucket.sum,
  Minimum: (bucket) => bucket.minimum,
  Maximum: (bucket) => bucket.maximum,
  SampleCount: (bucket) => bucket.count,
};

/** The percentile that a statistic names, from 0 to 100 (`p99.9` is 99.9); undefined for other statistics and for none. */
export function percentileOf(statistic: string | undefined): number | undefined {
  const match = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(statistic ?? "");
  const percentile = match ? Number(match[1]) : NaN;
  return percentile >= 0 && percentile <= 100 ? percentile : undefined;
}

/**
 * The value below which `percentile` percent of the samples are, interpolated between the two nearest samples. The
 * linear interpolation is our assumption: CloudWatch does not document its own.
 *
 * @param values how often each value occurs; not empty
 * @param percentile from 0 to 100
 */
function percentile(values: ReadonlyMap<number, number>, percentile: number): number {
  const sorted = [...values].sort((a, b) => a[0] - b[0]);
  const count = sorted.reduce((sum, [, occurrences]) => sum + occurrences, 0);
  const rank = (percentile / 100) * (count - 1);
  const lower = valueAt(sorted, Math.floor(rank));
  const upper = valueAt(sorted, Math.ceil(rank));
  return lower + (upper - lower) * (rank - Math.floor(rank));
}

/** The sample at a position of the sorted samples, counted from 0. */
function valueAt(sorted: readonly (readonly [number, number])[], position: number): number {
  let seen = 0;
  let last = NaN;
  for (const [value, occurrences] of sorted) {
    seen += occurrences;
    last = value;
    if (position < seen) break;
  }
  return last;
}

/**
 * Finds a statistic by CloudWatch's name: Average, Sum, Minimum, Maximum, SampleCount, or a percentile such as p99.
 * @throws RangeError for any other name
 */
export function statisticOf(name: string): Statistic {
  const basic = Object.hasOwn(BASIC, name) ? BASIC[name] : undefined;
  if (basic) return basic;
  const rank = percentileOf(name);
  if (rank === undefined) {
    throw new RangeError(
      `the statistic "${name}" is not supported: use ${Object.keys(BASIC).join(", ")} or a percentile such as p99`,
    );
  }
  return (bucket) => bucket.values && percentile(bucket.values, rank);
}
