import type { GetMetricDataOutput, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { compileMath, type ReadMetric } from "../../metrics/math";
import { unitOf } from "../../metrics/publication";
import { AwsError, type Datapoint } from "../../parts";
import type { MetricDataQuery } from "../../template";
import { flag, integer, timestamp } from "../input";
import { operation, type Cloud } from "../operation";
import { pageOf } from "../paging";
import { dimensionsInput, isPeriod, statisticProblem } from "./metric-input";

/** A line that may ask for the samples of one unit. */
type UnitQuery = MetricDataQuery & { readonly unit?: string };

/** Datapoints of a page: CloudWatch's default and limit. */
const MAX_DATAPOINTS = 100_800;

const queryInput = z
  .object({
    Id: z.string().regex(/^[a-z]\w*$/, { error: "must begin with a lower-case letter" }),
    Label: z.string().optional(),
    ReturnData: flag.default(true),
    Expression: z.string().optional(),
    MetricStat: z
      .object({
        Metric: z.object({
          Namespace: z.string(),
          MetricName: z.string(),
          Dimensions: dimensionsInput.default({}),
        }),
        Period: integer.refine(isPeriod, { error: "must be 1, 5, 10, 20, 30 or a multiple of 60 seconds" }),
        Stat: z.string(),
        Unit: z.string().optional(),
      })
      .optional(),
  })
  .refine((query) => (query.Expression === undefined) !== (query.MetricStat === undefined), {
    error: "needs either an Expression or a MetricStat",
  })
  .transform(({ Id, Label, ReturnData, Expression, MetricStat }): UnitQuery => ({
    id: Id,
    returnData: ReturnData,
    ...(Label !== undefined && { label: Label }),
    ...(Expression !== undefined && { expression: Expression }),
    ...(MetricStat && {
      metric: {
        namespace: MetricStat.Metric.Namespace,
        metricName: MetricStat.Metric.MetricName,
        dimensions: MetricStat.Metric.Dimensions,
        period: MetricStat.Period,
        statistic: MetricStat.Stat,
      },
      ...(MetricStat.Unit !== undefined && { unit: MetricStat.Unit }),
    }),
  }));

/**
 * Gives the datapoints of metrics and of expressions over them in [StartTime, EndTime), newest first by default, query by
 * query in pages.
 */
export const getMetricData = operation(
  "GetMetricData",
  z.object({
    MetricDataQueries: z.array(queryInput).min(1).max(500),
    StartTime: timestamp,
    EndTime: timestamp,
    ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
    MaxDatapoints: integer.pipe(z.number().min(1).max(MAX_DATAPOINTS)).default(MAX_DATAPOINTS),
    NextToken: z.string().optional(),
  }),
  (
    { MetricDataQueries: queries, StartTime, EndTime, ScanBy, MaxDatapoints, NextToken },
    cloud,
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
    const read = readerOf(queries, cloud);
    const points = queries
      .filter(({ returnData }) => returnData)
      .flatMap((query) => {
        const oldestFirst = datapointsOf(query, queries, StartTime, EndTime, read);
        const ordered = ScanBy === "TimestampAscending" ? oldestFirst : [...oldestFirst].reverse();
        return ordered.map((point) => ({ id: query.id, point }));
      });
    const page = pageOf(points, ({ id, point }) => `${id} ${point.at}`, {
      token: NextToken,
      size: MaxDatapoints,
      badToken: "InvalidNextToken",
    });
    const last = page.items.at(-1);
    const left = last && page.nextToken !== undefined ? points.slice(points.indexOf(last) + 1) : [];
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
            StatusCode: left.some(({ id }) => id === query.id) ? "PartialData" : "Complete",
          };
        }),
      Messages: [],
      NextToken: page.nextToken,
    };
  },
);

/** Reads the metrics of the lines; one whose samples have another unit than the line asks for has none for it. */
function readerOf(queries: readonly UnitQuery[], { parts }: Cloud): ReadMetric {
  const ofOtherUnit = new Set(
    queries
      .filter(
        ({ metric, unit }) => metric && unit !== undefined && unit !== unitOf(metric.namespace, metric.metricName),
      )
      .map(({ metric }) => metric),
  );
  return (query, from, to) => (ofOtherUnit.has(query) ? [] : parts.metrics.read(query, from, to));
}

function datapointsOf(
  { id, metric }: MetricDataQuery,
  queries: readonly MetricDataQuery[],
  start: number,
  end: number,
  read: ReadMetric,
): readonly Datapoint[] {
  if (metric) {
    const periodMs = metric.period * 1000;
    return read(metric, Math.floor(start / periodMs) * periodMs, end);
  }
  try {
    const math = compileMath(queries);
    const periodMs = math.period * 1000;
    return math.evaluate(id, read, Math.floor(start / periodMs) * periodMs, Math.ceil(end / periodMs) * periodMs);
  } catch (error) {
    throw new AwsError("ValidationException", `Error in expression '${id}': ${(error as Error).message}`);
  }
}
