import type { DescribeAlarmsForMetricOutput } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { integer } from "../input";
import { operation } from "../operation";
import { metricAlarm } from "./metric-alarm";
import { dimensionsInput, sameDimensions } from "./metric-input";

/** Describes the alarms that watch exactly this metric; those on metric math are not among them. */
export const describeAlarmsForMetric = operation(
  "DescribeAlarmsForMetric",
  z.object({
    Namespace: z.string(),
    MetricName: z.string(),
    Dimensions: dimensionsInput.default({}),
    Statistic: z.string().optional(),
    ExtendedStatistic: z.string().optional(),
    Period: integer.optional(),
  }),
  (input, { parts }): DescribeAlarmsForMetricOutput => {
    const statistic = input.Statistic ?? input.ExtendedStatistic;
    return {
      MetricAlarms: parts.alarms
        .all()
        .filter(
          ({ template: { metric } }) =>
            metric?.namespace === input.Namespace &&
            metric.metricName === input.MetricName &&
            sameDimensions(metric.dimensions, input.Dimensions) &&
            (statistic === undefined || metric.statistic === statistic) &&
            (input.Period === undefined || metric.period === input.Period),
        )
        .map(metricAlarm),
    };
  },
);
