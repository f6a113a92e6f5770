import { ALB_NAMESPACE } from "../cloud/metrics/publication";
import type { Bucket } from "../cloud/metrics/bucket";
import type { Datapoint } from "../cloud/metrics/part";
import { needsValues, type Statistic, statisticOf } from "../cloud/metrics/statistic";
import type { MetricQuery, TargetGroupTemplate, Template } from "../cloud/template";
import type { GroupCounts, GroupIndex, HostCounts, PublishedTraffic } from "./traffic";

const MINUTE_MS = 60_000;

/**
 * Computes one metric of a release's traffic over whole minutes of it: from the first one until before the second one.
 * @returns undefined without data
 */
export type PublishedMetric = (
  traffic: PublishedTraffic,
  from: number,
  to: number,
) => Pick<Datapoint, "value" | "sampleCount"> | undefined;

/** The load balancer and the target groups whose metrics the simulation has. */
export interface Published {
  readonly loadBalancer: Pick<Template["loadBalancer"], "arnSuffix">;
  readonly targetGroups: readonly Pick<TargetGroupTemplate, "name" | "arnSuffix">[];
  readonly deploymentGroup: Pick<Template["deploymentGroup"], "targetGroupNames">;
}

/** Counts by minute; a minute without any is not published. */
type Counter = (counts: GroupCounts) => readonly Float64Array[];

const COUNTERS: Readonly<Record<string, Counter>> = {
  RequestCount: ({ requests }) => [requests],
  HTTPCode_Target_2XX_Count: ({ succeeded }) => [succeeded],
  HTTPCode_Target_5XX_Count: ({ failed }) => [failed],
  TargetConnectionErrorCount: ({ refused }) => [refused],
};
/** What the load balancer answers itself. These have no dimension TargetGroup. */
const OWN_COUNTERS: Readonly<Record<string, Counter>> = {
  HTTPCode_ELB_5XX_Count: ({ refused, unrouted }) => [refused, unrouted],
  HTTPCode_ELB_502_Count: ({ refused }) => [refused],
  HTTPCode_ELB_503_Count: ({ unrouted }) => [unrouted],
};
const HOSTS: Readonly<Record<string, (counts: GroupCounts) => HostCounts>> = {
  HealthyHostCount: ({ healthy }) => healthy,
  UnHealthyHostCount: ({ unhealthy }) => unhealthy,
};

/** The target groups that a metric covers; undefined when it is not one of these stacks' load balancer. */
export function groupsOf({ namespace, dimensions }: MetricQuery, stacks: Published): readonly GroupIndex[] | undefined {
  const { TargetGroup, LoadBalancer, ...others } = dimensions;
  if (namespace !== ALB_NAMESPACE || Object.keys(others).length > 0) return undefined;
  if (LoadBalancer !== undefined && LoadBalancer !== stacks.loadBalancer.arnSuffix) return undefined;
  if (TargetGroup === undefined) return LoadBalancer === undefined ? undefined : [0, 1];
  const name = stacks.targetGroups.find(({ arnSuffix }) => arnSuffix === TargetGroup)?.name;
  const index = stacks.deploymentGroup.targetGroupNames.findIndex((other) => other === name);
  return index === 0 || index === 1 ? [index] : undefined;
}

/** How a metric is computed; undefined for a metric that the simulation does not have. */
export function publishedMetric(query: MetricQuery, stacks: Published): PublishedMetric | undefined {
  const groups = groupsOf(query, stacks);
  if (!groups) return undefined;
  const { metricName, statistic } = query;
  const whole = query.dimensions["TargetGroup"] === undefined;
  const counter = COUNTERS[metricName] ?? (whole ? OWN_COUNTERS[metricName] : undefined);
  if (counter) return counted(groups, counter, statistic);
  const compute = statisticOf(statistic);
  if (metricName === "TargetResponseTime") {
    return TOTALS.has(statistic)
      ? aggregated(groups, addTotals, compute, false)
      : aggregated(groups, addTimes, compute, needsValues(statistic));
  }
  const hosts = HOSTS[metricName];
  // Single samples are not kept, so there is no percentile.
  return hosts && !whole && !needsValues(statistic)
    ? aggregated(groups, (bucket, counts, minute) => addHosts(bucket, counts, hosts(counts), minute), compute, false)
    : undefined;
}

/** Reads the datapoints of a metric. Only the first `visible` minutes are published. @param boundaries as of `ReadMetric` */
export function datapointsOf(
  metric: PublishedMetric,
  traffic: PublishedTraffic,
  boundaries: readonly number[],
  visible: number,
): readonly Datapoint[] {
  const points: Datapoint[] = [];
  const published = Math.min(traffic.minutes, visible);
  const minuteOf = (time: number) => Math.ceil((time - traffic.firstMinuteMs) / MINUTE_MS);
  for (let slot = 0; slot + 1 < boundaries.length; slot += 1) {
    const at = boundaries[slot] ?? 0;
    const [from, to] = [Math.max(0, minuteOf(at)), Math.min(published, minuteOf(boundaries[slot + 1] ?? 0))];
    const found = metric(traffic, from, to);
    if (found) points.push({ at, value: found.value, sampleCount: found.sampleCount });
  }
  return points;
}

function counted(groups: readonly GroupIndex[], counter: Counter, statistic: string): PublishedMetric {
  const compute = statisticOf(statistic);
  const isTotal = statistic === "Sum" || statistic === "SampleCount";
  return (traffic, from, to) => {
    let count = 0;
    for (const group of groups) {
      for (const counts of counter(traffic.groups[group])) {
        for (let minute = from; minute < to; minute += 1) count += counts[minute] ?? 0;
      }
    }
    if (count === 0) return undefined;
    const value = isTotal
      ? count
      : compute({ count, sum: count, minimum: 1, maximum: 1, values: new Map([[1, count]]) });
    return value === undefined ? undefined : { value, sampleCount: count };
  };
}

/** @param values whether the bucket also gets the single values */
function aggregated(
  groups: readonly GroupIndex[],
  add: (bucket: Bucket, counts: GroupCounts, minute: number) => void,
  compute: Statistic,
  values: boolean,
): PublishedMetric {
  return (traffic, from, to) => {
    const bucket: Bucket = {
      count: 0,
      sum: 0,
      minimum: Infinity,
      maximum: -Infinity,
      values: values ? new Map() : undefined,
    };
    for (const group of groups) {
      for (let minute = from; minute < to; minute += 1) add(bucket, traffic.groups[group], minute);
    }
    if (bucket.count === 0) return undefined;
    const value = compute(bucket);
    return value === undefined ? undefined : { value, sampleCount: bucket.count };
  };
}

/** Statistics of response times that follow from their number and sum. */
const TOTALS: ReadonlySet<string> = new Set(["SampleCount", "Sum", "Average"]);

function addTotals(bucket: Bucket, { answered, timeSum }: GroupCounts, minute: number): void {
  bucket.count += answered[minute] ?? 0;
  bucket.sum += timeSum[minute] ?? 0;
}

/** Adds a minute's response times. Within a bin, all have the same value. */
function addTimes(bucket: Bucket, { times, bins, edges, timeSum }: GroupCounts, minute: number): void {
  for (let bin = 0; bin < bins; bin += 1) {
    const count = times[minute * bins + bin] ?? 0;
    if (count === 0) continue;
    const value = timeWithin(edges, bin);
    bucket.count += count;
    bucket.minimum = Math.min(bucket.minimum, value);
    bucket.maximum = Math.max(bucket.maximum, value);
    bucket.values?.set(value, (bucket.values.get(value) ?? 0) + count);
  }
  bucket.sum += timeSum[minute] ?? 0;
}

/** A time inside a bin. */
function timeWithin(edges: readonly number[], bin: number): number {
  const from = edges[bin - 1];
  const to = edges[bin];
  if (from === undefined) return (to ?? 1) / 2;
  return to === undefined ? from * 1.5 : Math.sqrt(from * to);
}

function addHosts(bucket: Bucket, { hostSamples }: GroupCounts, hosts: HostCounts, minute: number): void {
  const samples = hostSamples[minute] ?? 0;
  if (samples === 0) return;
  bucket.count += samples;
  bucket.sum += hosts.sum[minute] ?? 0;
  bucket.minimum = Math.min(bucket.minimum, hosts.minimum[minute] ?? Infinity);
  bucket.maximum = Math.max(bucket.maximum, hosts.maximum[minute] ?? 0);
}
