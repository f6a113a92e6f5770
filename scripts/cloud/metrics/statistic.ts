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

/** A statistic of the samples above `lower` and up to `upper`, e.g. `PR(1.5:)`. */
export interface RangeStatistic {
  /** PR: percent of the samples that are in the range. TC: their number. TM: their mean. */
  readonly kind: "PR" | "TC" | "TM";
  /** Exclusive; -Infinity when it is left out. */
  readonly lower: number;
  /** Inclusive; Infinity when it is left out. */
  readonly upper: number;
}

/**
 * Reads the name of a statistic of a range: percentile rank, trimmed count or trimmed mean with bounds that are values
 * of the metric. Bounds in percent are not supported.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 * @returns undefined for other statistics, and for a range that can't hold a sample
 */
export function rangeStatisticOf(name: string | undefined): RangeStatistic | undefined {
  const match = /^(PR|TC|TM)\((-?\d+(?:\.\d{1,10})?)?:(-?\d+(?:\.\d{1,10})?)?\)$/.exec(name ?? "");
  const [, kind, from, to] = (match ?? []) as readonly (string | undefined)[];
  if (kind === undefined || (from === undefined && to === undefined)) return undefined;
  const lower = from === undefined ? -Infinity : Number(from);
  const upper = to === undefined ? Infinity : Number(to);
  return lower < upper ? { kind: kind as RangeStatistic["kind"], lower, upper } : undefined;
}

/** Whether a statistic needs the single values of a bucket, not only their number, sum and extremes. */
export function needsValues(name: string): boolean {
  return percentileOf(name) !== undefined || rangeStatisticOf(name) !== undefined;
}

function overRange(
  { kind, lower, upper }: RangeStatistic,
  values: ReadonlyMap<number, number>,
  all: number,
): number | undefined {
  let count = 0;
  let sum = 0;
  for (const [value, occurrences] of values) {
    if (value <= lower || value > upper) continue;
    count += occurrences;
    sum += value * occurrences;
  }
  if (kind === "PR") return (100 * count) / all;
  if (kind === "TC") return count;
  return count === 0 ? undefined : sum / count;
}

/**
 * Finds a statistic by CloudWatch's name: Average, Sum, Minimum, Maximum, SampleCount, a percentile such as p99, or PR,
 * TC or TM of a range such as `PR(1.5:)`.
 * @throws RangeError for any other name
 */
export function statisticOf(name: string): Statistic {
  const basic = Object.hasOwn(BASIC, name) ? BASIC[name] : undefined;
  if (basic) return basic;
  const rank = percentileOf(name);
  if (rank !== undefined) return (bucket) => bucket.values && percentile(bucket.values, rank);
  const range = rangeStatisticOf(name);
  if (range) return (bucket) => bucket.values && overRange(range, bucket.values, bucket.count);
  throw new RangeError(
    `the statistic "${name}" is not supported: use ${Object.keys(BASIC).join(", ")}, a percentile such as p99, or PR, ` +
      "TC or TM of a range of values such as PR(1.5:)",
  );
}
