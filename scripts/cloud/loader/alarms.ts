import { z } from "zod";
import { evaluationWindowOf } from "../alarms/part";
import { ABSENT } from "../not-played";
import type { AlarmTemplate, MetricDataQuery, MetricQuery } from "../template";
import { TemplateError } from "./error";
import { block, blocks, flag, numeric, type Reader } from "./reader";

const dimensions = z.record(z.string(), z.string()).default({});

const metricQuerySchema = z.object({
  id: z.string(),
  expression: z.string().optional(),
  label: z.string().optional(),
  return_data: flag.default(false),
  metric: block(
    z.object({ namespace: z.string(), metric_name: z.string(), dimensions, period: numeric, stat: z.string() }),
  ).optional(),
});

/**
 * Exactly one of the two blocks, as in CloudWatch's API
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
 */
const evaluationWindowSchema = z
  .object({
    sliding_window: block(z.object({})).optional(),
    wall_clock_window: block(z.object({ timezone: z.string().optional() })).optional(),
  })
  .transform(({ sliding_window: sliding, wall_clock_window: wallClock }, context) => {
    const window = evaluationWindowOf(sliding, wallClock && { timeZone: wallClock.timezone });
    if (!window) context.addIssue("needs either sliding_window or wall_clock_window");
    return window ?? z.NEVER;
  });

const alarmSchema = z.object({
  alarm_name: z.string(),
  arn: z.string(),
  alarm_description: z.string().optional(),
  actions_enabled: flag.default(true),
  alarm_actions: z.array(z.string()).default([]),
  ok_actions: z.array(z.string()).default([]),
  insufficient_data_actions: z.array(z.string()).default([]),
  comparison_operator: z.enum([
    "GreaterThanThreshold",
    "GreaterThanOrEqualToThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ]),
  threshold: numeric,
  evaluation_periods: numeric,
  datapoints_to_alarm: numeric.optional(),
  treat_missing_data: z.enum(["missing", "ignore", "breaching", "notBreaching"]).default("missing"),
  evaluate_low_sample_count_percentiles: z.enum(["evaluate", "ignore"]).optional(),
  evaluation_window: block(evaluationWindowSchema).optional(),
  namespace: z.string().optional(),
  metric_name: z.string().optional(),
  dimensions,
  period: numeric.optional(),
  statistic: z.string().optional(),
  extended_statistic: z.string().optional(),
  metric_query: blocks(metricQuerySchema).optional(),
  // The loader reads these only to refuse them.
  unit: z.undefined(ABSENT.alarmUnit).optional(),
  threshold_metric_id: z.undefined(ABSENT.anomalyDetection).optional(),
});

/** Reads all metric alarms. @throws TemplateError when two have the same name, or one has no metric */
export function readAlarms(reader: Reader): AlarmTemplate[] {
  const names = new Set<string>();
  return reader.all("aws_cloudwatch_metric_alarm", alarmSchema).map(({ stack, address, value }) => {
    if (names.has(value.alarm_name))
      throw new TemplateError(`${stack.name}: ${address}: a second alarm with the name ${value.alarm_name}`);
    names.add(value.alarm_name);
    const source = sourceOf(value);
    if (!source)
      throw new TemplateError(
        `${stack.name}: ${address}: needs either metric_query or namespace, metric_name, period and a statistic`,
      );
    return {
      name: value.alarm_name,
      arn: value.arn,
      ...(value.alarm_description === undefined ? {} : { description: value.alarm_description }),
      actions: {
        enabled: value.actions_enabled,
        alarm: value.alarm_actions,
        ok: value.ok_actions,
        insufficientData: value.insufficient_data_actions,
      },
      comparisonOperator: value.comparison_operator,
      threshold: value.threshold,
      evaluationPeriods: value.evaluation_periods,
      datapointsToAlarm: value.datapoints_to_alarm ?? value.evaluation_periods,
      treatMissingData: value.treat_missing_data,
      ...(value.evaluate_low_sample_count_percentiles === undefined
        ? {}
        : { evaluateLowSampleCountPercentile: value.evaluate_low_sample_count_percentiles }),
      ...(value.evaluation_window && { evaluationWindow: value.evaluation_window }),
      ...source,
    };
  });
}

function sourceOf(
  value: z.output<typeof alarmSchema>,
): { readonly metric: MetricQuery } | { readonly metrics: readonly MetricDataQuery[] } | undefined {
  if (value.metric_query && value.metric_query.length > 0) return { metrics: value.metric_query.map(queryOf) };
  const statistic = value.statistic ?? value.extended_statistic;
  const { namespace, metric_name: metricName, period } = value;
  if (namespace === undefined || metricName === undefined || period === undefined || statistic === undefined)
    return undefined;
  return { metric: { namespace, metricName, dimensions: value.dimensions, period, statistic } };
}

function queryOf(query: z.output<typeof metricQuerySchema>): MetricDataQuery {
  const { id, expression, label, metric } = query;
  return {
    id,
    returnData: query.return_data,
    ...(expression === undefined ? {} : { expression }),
    ...(label === undefined ? {} : { label }),
    ...(metric
      ? {
          metric: {
            namespace: metric.namespace,
            metricName: metric.metric_name,
            dimensions: metric.dimensions,
            period: metric.period,
            statistic: metric.stat,
          },
        }
      : {}),
  };
}
