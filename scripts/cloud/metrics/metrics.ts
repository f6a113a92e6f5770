import type { Clock } from "../clock";
import type { CloudSettings } from "../settings";
import type { MetricQuery } from "../template";
import { addSample, type Bucket, emptyBucket, mergeBucket } from "./bucket";
import { type Datapoint, type MetricsPart, VALUES_RETAINED_MS } from "./part";
import { isPeriod } from "./periods";
import { type Publication, publicationOf } from "./publication";
import { statisticOf } from "./statistic";

type Dimensions = Readonly<Record<string, string>>;

const HOUR_MS = 3_600_000;

/**
 * How long samples are kept, in simulated milliseconds: as long as CloudWatch keeps datapoints of one minute.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
const RETAINED_MS = 15 * 24 * HOUR_MS;

interface Series {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Dimensions;
  readonly publication: Publication;
  /** Buckets by their start, oldest first. */
  readonly buckets: Map<number, Bucket>;
  newestStart: number;
  newest: Bucket;
}

/**
 * CloudWatch's store of metrics. It computes statistics, and shows samples only after the delay of their publication.
 */
export class Metrics implements MetricsPart {
  private readonly clock: Clock;
  private readonly settings: CloudSettings;
  private readonly series = new Map<string, Series>();
  /** A cache that saves building the key: callers that publish often pass the same dimensions object. */
  private readonly cache = new WeakMap<Dimensions, Map<string, Series>>();

  /** @param input the cloud's clock and settings */
  constructor(input: { readonly clock: Clock; readonly settings: CloudSettings }) {
    this.clock = input.clock;
    this.settings = input.settings;
  }

  put(sample: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Dimensions;
    readonly value: number;
  }): void {
    const series = this.seriesFor(sample.namespace, sample.metricName, sample.dimensions);
    const now = this.clock.now();
    const start = now - (now % series.publication.resolutionMs);
    if (start !== series.newestStart) openBucket(series, start);
    addSample(series.newest, sample.value);
  }

  /** @throws RangeError for an unknown statistic, or a period that CloudWatch does not support */
  read(query: MetricQuery, boundaries: readonly number[]): readonly Datapoint[] {
    const statistic = statisticOf(query.statistic);
    if (!isPeriod(query.period)) {
      throw new RangeError(`a period is 1, 5, 10, 20, 30 or a multiple of 60 seconds, not ${query.period}`);
    }
    const series = this.series.get(keyOf(query.namespace, query.metricName, query.dimensions));
    if (!series) return [];
    const merged = new Map<number, Bucket>();
    const { resolutionMs, delayMs } = series.publication;
    const visible = this.clock.now() - resolutionMs - delayMs;
    let period = 0;
    for (const [start, bucket] of series.buckets) {
      if (start > visible) break;
      while (start >= (boundaries[period + 1] ?? Infinity)) period += 1;
      const at = boundaries[period];
      if (at === undefined || period === boundaries.length - 1) break;
      if (start < at) continue;
      let sum = merged.get(at);
      if (!sum) merged.set(at, (sum = emptyBucket()));
      mergeBucket(sum, bucket);
    }
    return [...merged].flatMap(([at, bucket]) => {
      const value = statistic(bucket);
      return value === undefined ? [] : [{ at, value, sampleCount: bucket.count }];
    });
  }

  list(): readonly { readonly namespace: string; readonly metricName: string; readonly dimensions: Dimensions }[] {
    return [...this.series.values()].map(({ namespace, metricName, dimensions }) => ({
      namespace,
      metricName,
      dimensions,
    }));
  }

  private seriesFor(namespace: string, metricName: string, dimensions: Dimensions): Series {
    let byName = this.cache.get(dimensions);
    if (!byName) this.cache.set(dimensions, (byName = new Map<string, Series>()));
    const known = byName.get(metricName);
    if (known && known.namespace === namespace) return known;
    const key = keyOf(namespace, metricName, dimensions);
    let series = this.series.get(key);
    if (!series) {
      const publication = publicationOf(namespace, this.settings);
      const newest = emptyBucket();
      series = { namespace, metricName, dimensions, publication, buckets: new Map(), newestStart: -Infinity, newest };
      this.series.set(key, series);
    }
    byName.set(metricName, series);
    return series;
  }
}

/** Starts a new bucket and drops what is too old. */
function openBucket(series: Series, start: number): void {
  const bucket = series.buckets.get(start) ?? emptyBucket();
  series.buckets.set(start, bucket);
  series.newest = bucket;
  series.newestStart = start;
  for (const [at, old] of series.buckets) {
    if (at > start - VALUES_RETAINED_MS) break;
    if (at <= start - RETAINED_MS) series.buckets.delete(at);
    else old.values = undefined;
  }
}

function keyOf(namespace: string, metricName: string, dimensions: Dimensions): string {
  return JSON.stringify([namespace, metricName, ...Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
