import type { GetMetricDataOutput, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { compileMath } from "../../metrics/math";
import { AwsError, type Datapoint } from "../../parts";
import type { MetricDataQuery } from "../../template";
import { flag, integer, timestamp } from "../input";
import { operation, type Cloud } from "../operation";
import { dimensionsInput, isPeriod, statisticProblem } from "./metric-input";

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
      })
      .optional(),
  })
  .refine((query) => (query.Expression === undefined) !== (query.MetricStat === undefined), {
    error: "needs either an Expression or a MetricStat",
  })
  .transform(({ Id, Label, ReturnData, Expression, MetricStat }): MetricDataQuery => ({
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
    }),
  }));

/** Gives the datapoints of metrics and of expressions over them in [StartTime, EndTime), newest first by default. */
export const getMetricData = operation(
  "GetMetricData",
  z.object({
    MetricDataQueries: z.array(queryInput).min(1).max(500),
    StartTime: timestamp,
    EndTime: timestamp,
    ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
  }),
  ({ MetricDataQueries: queries, StartTime, EndTime, ScanBy }, cloud): GetMetricDataOutput => {
    if (StartTime >= EndTime) {
      throw new AwsError("ValidationException", "The parameter StartTime must be less than the parameter EndTime.");
    }
    queries.forEach(({ metric }, index) => {
      const problem = metric && statisticProblem(metric.statistic);
      if (problem === undefined) return;
      const parameter = `MetricDataQueries.member.${index + 1}.MetricStat.Stat`;
      throw new AwsError("ValidationException", `The value for parameter ${parameter} is not valid: ${problem}`);
    });
    return {
      MetricDataResults: queries
        .filter(({ returnData }) => returnData)
        .map((query): MetricDataResult => {
          const oldestFirst = datapointsOf(query, queries, StartTime, EndTime, cloud);
          const points = ScanBy === "TimestampAscending" ? oldestFirst : [...oldestFirst].reverse();
          return {
            Id: query.id,
            Label: query.label ?? query.metric?.metricName ?? query.id,
            Timestamps: points.map(({ at }) => new Date(at)),
            Values: points.map(({ value }) => value),
            StatusCode: "Complete",
          };
        }),
      Messages: [],
    };
  },
);

function datapointsOf(
  { id, metric }: MetricDataQuery,
  queries: readonly MetricDataQuery[],
  start: number,
  end: number,
  { parts }: Cloud,
): readonly Datapoint[] {
  if (metric) {
    const periodMs = metric.period * 1000;
    return parts.metrics.read(metric, Math.floor(start / periodMs) * periodMs, end);
  }
  try {
    const math = compileMath(queries);
    const periodMs = math.period * 1000;
    return math.evaluate(
      id,
      (query, from, to) => parts.metrics.read(query, from, to),
      Math.floor(start / periodMs) * periodMs,
      Math.ceil(end / periodMs) * periodMs,
    );
  } catch (error) {
    throw new AwsError("ValidationException", `Error in expression '${id}': ${(error as Error).message}`);
  }
}
