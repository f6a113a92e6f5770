import type { MetricAlarm, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { parseLimit, type MetricLine, type ParsedLimit } from "../../stacks/gate/limit";

/** The limit of an alarm that our stacks made, and what it judges; undefined for any other alarm. Pure. */
export function limitOfAlarm({ Metrics = [] }: MetricAlarm): ParsedLimit | undefined {
  return Metrics.length === 0 ? undefined : parseLimit(Metrics.map(lineOf));
}

/** A line as the stacks write it. What CloudWatch leaves out makes it a line of no limit. */
function lineOf({ Id = "", Expression, MetricStat, ReturnData = true }: MetricDataQuery): MetricLine {
  const { Metric, Period = 0, Stat = "" } = MetricStat ?? {};
  const dimensions = (Metric?.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]);
  return {
    id: Id,
    returnData: ReturnData,
    ...(Expression !== undefined && { expression: Expression }),
    ...(Metric && {
      metric: {
        namespace: Metric.Namespace ?? "",
        metricName: Metric.MetricName ?? "",
        dimensions: Object.fromEntries(dimensions) as Readonly<Record<string, string>>,
        period: Period,
        statistic: Stat,
      },
    }),
  };
}
