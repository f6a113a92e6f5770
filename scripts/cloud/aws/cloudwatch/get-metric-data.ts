import type { GetMetricDataOutput, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { compileMath, type ReadMetric } from "../../metrics/math";
import type { Datapoint } from "../../metrics/part";
import { clockBoundaries } from "../../metrics/periods";
import { unitOf } from "../../metrics/publication";
import type { MetricDataQuery } from "../../template";
import { integer, timestamp } from "../input";
import { type AwsBackend, operation } from "../operation";
import { pageOf } from "../paging";
import { metricDataQueryInput, type UnitQuery } from "./metric-data-query";
import { statisticProblem } from "./metric-input";

/**
 * Datapoints of a page: CloudWatch's default and limit
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html).
 */
const MAX_DATAPOINTS = 100_800;

const DAY_MS = 86_400_000;

/**
 * Gives the datapoints of metrics and expressions from StartTime to before EndTime, newest first by default. A page has the
 * datapoints of one query after the other.
 */
export const getMetricData = operation(
  "GetMetricData",
  z.object({
    MetricDataQueries: z.array(metricDataQueryInput).min(1).max(500),
    StartTime: timestamp,
    EndTime: timestamp,
    ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
    MaxDatapoints: integer.pipe(z.number().min(1).max(MAX_DATAPOINTS)).default(MAX_DATAPOINTS),
    NextToken: z.string().optional(),
  }),
  (
    { MetricDataQueries: queries, StartTime, EndTime, ScanBy, MaxDatapoints, NextToken },
    backend,
  ): GetMetricDataOutput => {
    if (StartTime >= EndTime) {
      throw new AwsError("ValidationException", "The parameter StartTime must be less than the parameter EndTime.");
    }
    queries.forEach(({ metric }, index) => {
      const problem = metric && statisticProblem(metric.statistic);
      if (problem === undefined) return;
      const parameter = `MetricDataQueries.member.${index + 1}.MetricStat.Stat`;
      throw new AwsError("ValidationException", `The value for parameter ${parameter} is not valid: ${problem}`);
    });
    const read = readerOf(queries, backend);
    // There is no data before the start of the local cloud or in the future. This makes a range of many years cheap.
    const from = Math.max(StartTime, backend.startedAt);
    const to = Math.max(from, Math.min(EndTime, backend.clock.now() + DAY_MS));
    const points = queries
      .filter(({ returnData }) => returnData)
      .flatMap((query) => {
        const oldestFirst = datapointsOf(query, queries, from, to, read);
        const ordered = ScanBy === "TimestampAscending" ? oldestFirst : [...oldestFirst].reverse();
        return ordered.map((point) => ({ id: query.id, point }));
      });
    const page = pageOf(points, ({ id, point }) => `${id} ${point.at}`, {
      token: NextToken,
      size: MaxDatapoints,
      badToken: "InvalidNextToken",
    });
    const last = page.items.at(-1);
    const remaining = last && page.nextToken !== undefined ? points.slice(points.indexOf(last) + 1) : [];
    return {
      MetricDataResults: queries
        .filter(({ returnData }) => returnData)
        .map((query): MetricDataResult => {
          const own = page.items.filter(({ id }) => id === query.id).map(({ point }) => point);
          return {
            Id: query.id,
            Label: query.label ?? query.metric?.metricName ?? query.id,
            Timestamps: own.map(({ at }) => new Date(at)),
            Values: own.map(({ value }) => value),
            StatusCode: remaining.some(({ id }) => id === query.id) ? "PartialData" : "Complete",
          };
        }),
      Messages: [],
      NextToken: page.nextToken,
    };
  },
);

/** Reads the metrics of queries. A query for another unit than the metric's gets no datapoints. */
function readerOf(queries: readonly UnitQuery[], { parts }: AwsBackend): ReadMetric {
  const otherUnit = new Set(
    queries
      .filter(
        ({ metric, unit }) => metric && unit !== undefined && unit !== unitOf(metric.namespace, metric.metricName),
      )
      .map(({ metric }) => metric),
  );
  return (query, boundaries) => (otherUnit.has(query) ? [] : parts.metrics.read(query, boundaries));
}

function datapointsOf(
  { id, metric }: MetricDataQuery,
  queries: readonly MetricDataQuery[],
  start: number,
  end: number,
  read: ReadMetric,
): readonly Datapoint[] {
  if (metric) return read(metric, clockBoundaries(start, end, metric.period));
  try {
    const math = compileMath(queries);
    return math.evaluate(id, read, clockBoundaries(start, end, math.period));
  } catch (error) {
    throw new AwsError("ValidationException", `Error in expression '${id}': ${(error as Error).message}`);
  }
}
