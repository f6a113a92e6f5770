import type { Datapoint, GetMetricStatisticsOutput } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { clockBoundaries } from "../../metrics/periods";
import { unitOf } from "../../metrics/publication";
import { listOf, timestamp } from "../input";
import { operation } from "../operation";
import { isBasicStatistic } from "./metric-alarm";
import { dimensionsInput, periodInput, statisticProblem } from "./metric-input";

/** CloudWatch's limit of one call (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html). */
const MAX_DATAPOINTS = 1440;

/** Gives the datapoints of a metric from StartTime to before EndTime, oldest first. */
export const getMetricStatistics = operation(
  "GetMetricStatistics",
  z.object({
    Namespace: z.string(),
    MetricName: z.string(),
    Dimensions: dimensionsInput.default({}),
    StartTime: timestamp,
    EndTime: timestamp,
    Period: periodInput,
    Statistics: listOf(z.string().refine(isBasicStatistic, { error: "not a statistic" })).default([]),
    ExtendedStatistics: listOf(z.string()).default([]),
    Unit: z.string().optional(),
  }),
  (input, { parts }): GetMetricStatisticsOutput => {
    const statistics = [...input.Statistics, ...input.ExtendedStatistics];
    if (statistics.length === 0) {
      throw new AwsError("MissingRequiredParameterException", "Must specify either Statistics or ExtendedStatistics");
    }
    const problem = statistics.map(statisticProblem).find((text) => text !== undefined);
    if (problem !== undefined) throw new AwsError("InvalidParameterValueException", problem);
    if (input.StartTime >= input.EndTime) {
      throw new AwsError(
        "InvalidParameterCombinationException",
        "The parameter StartTime must be less than the parameter EndTime.",
      );
    }
    const periodMs = input.Period * 1000;
    const requested = Math.ceil((input.EndTime - input.StartTime) / periodMs);
    if (requested > MAX_DATAPOINTS) {
      throw new AwsError(
        "InvalidParameterCombinationException",
        `You have requested up to ${requested} datapoints, which exceeds the limit of ${MAX_DATAPOINTS}. ` +
          "You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
      );
    }
    const boundaries = clockBoundaries(input.StartTime, input.EndTime, input.Period);
    const datapoints = new Map<number, Datapoint>();
    const Unit = unitOf(input.Namespace, input.MetricName);
    // A request for another unit than the metric's gets no datapoints.
    for (const statistic of input.Unit === undefined || input.Unit === Unit ? statistics : []) {
      const query = {
        namespace: input.Namespace,
        metricName: input.MetricName,
        dimensions: input.Dimensions,
        period: input.Period,
        statistic,
      };
      for (const { at, value } of parts.metrics.read(query, boundaries)) {
        const point = datapoints.get(at) ?? { Timestamp: new Date(at), Unit };
        if (isBasicStatistic(statistic)) point[statistic] = value;
        else point.ExtendedStatistics = { ...point.ExtendedStatistics, [statistic]: value };
        datapoints.set(at, point);
      }
    }
    return {
      Label: input.MetricName,
      Datapoints: [...datapoints].sort(([a], [b]) => a - b).map(([, point]) => point),
    };
  },
);
