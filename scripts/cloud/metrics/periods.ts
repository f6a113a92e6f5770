/**
 * Whether CloudWatch supports a period of `seconds`: 1, 5, 10, 20, 30 and multiples of 60.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html
 */
export function isPeriod(seconds: number): boolean {
  return [1, 5, 10, 20, 30].includes(seconds) || (Number.isInteger(seconds) && seconds > 0 && seconds % 60 === 0);
}

/**
 * The boundaries of the periods that cover [from, to): multiples of the period, oldest first. As with GetMetricData,
 * the first period begins at or before `from`, and the last one ends at or after `to`.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 *
 * @param from simulated milliseconds, like `to`
 * @param periodSeconds length of each period
 */
export function clockBoundaries(from: number, to: number, periodSeconds: number): readonly number[] {
  const periodMs = periodSeconds * 1_000;
  const first = Math.floor(from / periodMs);
  const last = Math.max(first, Math.ceil(to / periodMs));
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * periodMs);
}
