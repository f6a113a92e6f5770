/** All samples of one metric in one interval. */
export interface Bucket {
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** How often each value occurs. Undefined when it was dropped to save memory; percentiles are then unknown. */
  values: Map<number, number> | undefined;
}

/**
 * Distinct values that a bucket keeps exactly. Further values are rounded, which limits the memory of a busy minute.
 */
const EXACT_VALUES = 1_000;

/** Significant digits of the rounded values: an error of at most 0.5 %. */
const ROUNDED_DIGITS = 3;

/** A bucket without samples. */
export function emptyBucket(): Bucket {
  return { count: 0, sum: 0, minimum: Infinity, maximum: -Infinity, values: new Map() };
}

/** Adds one sample. */
export function addSample(bucket: Bucket, value: number): void {
  bucket.count += 1;
  bucket.sum += value;
  if (value < bucket.minimum) bucket.minimum = value;
  if (value > bucket.maximum) bucket.maximum = value;
  if (bucket.values) addValue(bucket.values, value, 1);
}

/** Adds all samples of `other` to `bucket`. */
export function mergeBucket(bucket: Bucket, other: Bucket): void {
  bucket.count += other.count;
  bucket.sum += other.sum;
  bucket.minimum = Math.min(bucket.minimum, other.minimum);
  bucket.maximum = Math.max(bucket.maximum, other.maximum);
  if (!other.values) bucket.values = undefined;
  else if (bucket.values) for (const [value, count] of other.values) addValue(bucket.values, value, count);
}

function addValue(values: Map<number, number>, value: number, count: number): void {
  const known = values.get(value);
  if (known !== undefined) {
    values.set(value, known + count);
  } else if (values.size < EXACT_VALUES) {
    values.set(value, count);
  } else {
    const rounded = Number(value.toPrecision(ROUNDED_DIGITS));
    values.set(rounded, (values.get(rounded) ?? 0) + count);
  }
}
