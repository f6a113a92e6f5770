import { z } from "zod";
import { evaluationWindowOf } from "../../alarms/part";
import { AwsError } from "../../aws-error";
import { unitOf } from "../../metrics/publication";
import type { AlarmTemplate } from "../../template";
import { decimal, boolean, integer, listOf, structure } from "../input";
import { operation } from "../operation";
import { metricDataQueryInput } from "./metric-data-query";
import { dimensionsInput, periodInput } from "./metric-input";

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

const actions = listOf(z.string().max(1024)).default([]);

const evaluationWindowInput = z
  .object({
    SlidingWindow: structure(z.object({})).optional(),
    WallClockWindow: structure(z.object({ Timezone: z.string().min(1).max(50).optional() })).optional(),
  })
  .transform(({ SlidingWindow: sliding, WallClockWindow: wallClock }, context) => {
    const window = evaluationWindowOf(sliding, wallClock && { timeZone: wallClock.Timezone });
    if (!window) context.addIssue("set exactly one of SlidingWindow and WallClockWindow");
    return window ?? z.NEVER;
  });

const shape = z.object({
  AlarmName: z.string().min(1).max(255),
  AlarmDescription: z.string().max(1024).optional(),
  ActionsEnabled: boolean.default(true),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  MetricName: z.string().min(1).max(255).optional(),
  Namespace: z.string().min(1).max(255).optional(),
  Statistic: z.enum(["SampleCount", "Average", "Sum", "Minimum", "Maximum"]).optional(),
  ExtendedStatistic: z.string().optional(),
  Dimensions: dimensionsInput.default({}),
  Period: periodInput.optional(),
  Unit: z.string().optional(),
  EvaluationPeriods: integer.pipe(z.number().min(1)),
  DatapointsToAlarm: integer.pipe(z.number().min(1)).optional(),
  Threshold: decimal,
  ComparisonOperator: z.enum([
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ]),
  TreatMissingData: z.enum(["missing", "ignore", "breaching", "notBreaching"]).default("missing"),
  EvaluateLowSampleCountPercentile: z.enum(["evaluate", "ignore"]).optional(),
  Metrics: listOf(metricDataQueryInput).optional(),
  EvaluationWindow: evaluationWindowInput.optional(),
});

/**
 * Creates an alarm, or replaces the alarm with the same name. The replaced alarm keeps its state until the next evaluation
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
 */
export const putMetricAlarm = operation(
  "PutMetricAlarm",
  shape,
  (input, { parts, template }): Record<string, never> => {
    const { AlarmName: name, EvaluationPeriods: periods, DatapointsToAlarm: datapoints = periods } = input;
    if (datapoints > periods) throw refused("DatapointsToAlarm must be at most EvaluationPeriods");
    const source = sourceOf(input);
    const period = source.metric?.period ?? source.metrics?.find(({ metric }) => metric)?.metric?.period ?? 0;
    const limit = period >= HOUR_SECONDS ? 7 * DAY_SECONDS : DAY_SECONDS;
    if (period * periods > limit) {
      throw refused(
        `Metrics cannot be checked across more than ${limit / DAY_SECONDS} days (EvaluationPeriods * Period)`,
      );
    }
    const [, partition = "aws"] = template.cluster.arn.split(":");
    const alarm: AlarmTemplate = {
      name,
      arn: `arn:${partition}:cloudwatch:${template.region}:${template.accountId}:alarm:${name}`,
      ...(input.AlarmDescription !== undefined && { description: input.AlarmDescription }),
      actions: {
        enabled: input.ActionsEnabled,
        alarm: input.AlarmActions,
        ok: input.OKActions,
        insufficientData: input.InsufficientDataActions,
      },
      comparisonOperator: input.ComparisonOperator,
      threshold: input.Threshold,
      evaluationPeriods: periods,
      datapointsToAlarm: datapoints,
      treatMissingData: input.TreatMissingData,
      ...(input.EvaluateLowSampleCountPercentile !== undefined && {
        evaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile,
      }),
      ...(input.EvaluationWindow && { evaluationWindow: input.EvaluationWindow }),
      ...source,
    };
    try {
      parts.alarms.put(alarm);
    } catch (error) {
      throw refused((error as Error).message);
    }
    return {};
  },
);

function sourceOf(input: z.output<typeof shape>): Pick<AlarmTemplate, "metric" | "metrics"> {
  const { MetricName, Namespace, Period, Metrics, Statistic, ExtendedStatistic } = input;
  if (Metrics && Metrics.length > 0) {
    const single = [MetricName, Namespace, Period, Statistic, ExtendedStatistic, input.Unit];
    if (single.some((member) => member !== undefined)) {
      throw refused("Metrics can't be combined with MetricName, Namespace, Period, Statistic or Unit");
    }
    for (const { metric, unit } of Metrics) if (metric) refuseOtherUnit(metric.namespace, metric.metricName, unit);
    return { metrics: Metrics };
  }
  const statistic = Statistic ?? ExtendedStatistic;
  if (Statistic !== undefined && ExtendedStatistic !== undefined) {
    throw refused("Statistic and ExtendedStatistic can't be combined");
  }
  if (MetricName === undefined || Namespace === undefined || Period === undefined || statistic === undefined) {
    throw refused("An alarm needs either Metrics, or MetricName, Namespace, Period and Statistic or ExtendedStatistic");
  }
  refuseOtherUnit(Namespace, MetricName, input.Unit);
  return {
    metric: { namespace: Namespace, metricName: MetricName, dimensions: input.Dimensions, period: Period, statistic },
  };
}

/** Refuses an alarm on another unit than the metric's. CloudWatch accepts it, and the alarm never gets data. */
function refuseOtherUnit(namespace: string, metricName: string, unit: string | undefined): void {
  const published = unitOf(namespace, metricName);
  if (unit !== undefined && unit !== published) {
    throw refused(`${metricName} is published as ${published}: an alarm on the unit ${unit} would never have data`);
  }
}

function refused(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
