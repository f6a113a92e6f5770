import type { EvaluationWindow, MetricAlarm, Statistic } from "@aws-sdk/client-cloudwatch";
import type { AlarmState } from "../../alarms/part";
import type { EvaluationWindow as EvaluationWindowTemplate, MetricDataQuery, MetricQuery } from "../../template";

const STATISTICS: readonly string[] = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"] satisfies Statistic[];

/** True for the five basic statistics; false for extended ones, such as percentiles. */
export function isBasicStatistic(name: string): name is Statistic {
  return STATISTICS.includes(name);
}

/** Dimensions as a list of names and values. */
export function dimensionList(dimensions: Readonly<Record<string, string>>): { Name: string; Value: string }[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

/** An alarm as DescribeAlarms returns it. */
export function metricAlarm(state: AlarmState): MetricAlarm {
  const { template } = state;
  return {
    AlarmName: template.name,
    AlarmArn: template.arn,
    AlarmDescription: template.description,
    ActionsEnabled: template.actions?.enabled ?? true,
    AlarmActions: [...(template.actions?.alarm ?? [])],
    OKActions: [...(template.actions?.ok ?? [])],
    InsufficientDataActions: [...(template.actions?.insufficientData ?? [])],
    AlarmConfigurationUpdatedTimestamp: new Date(state.configuredAt),
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData,
    StateUpdatedTimestamp: new Date(state.updatedAt),
    StateTransitionedTimestamp: new Date(state.transitionedAt),
    ...(template.metric ? metricMembers(template.metric) : { Metrics: template.metrics?.map(dataQuery) }),
    EvaluationPeriods: template.evaluationPeriods,
    DatapointsToAlarm: template.datapointsToAlarm,
    Threshold: template.threshold,
    ComparisonOperator: template.comparisonOperator,
    TreatMissingData: template.treatMissingData,
    EvaluateLowSampleCountPercentile: template.evaluateLowSampleCountPercentile,
    EvaluationWindow: template.evaluationWindow && windowMembers(template.evaluationWindow),
  };
}

function windowMembers(window: EvaluationWindowTemplate): EvaluationWindow {
  return window.type === "sliding" ? { SlidingWindow: {} } : { WallClockWindow: { Timezone: window.timeZone } };
}

function metricMembers({ metricName, namespace, statistic, dimensions, period }: MetricQuery): Partial<MetricAlarm> {
  return {
    MetricName: metricName,
    Namespace: namespace,
    ...(isBasicStatistic(statistic) ? { Statistic: statistic } : { ExtendedStatistic: statistic }),
    Dimensions: dimensionList(dimensions),
    Period: period,
  };
}

function dataQuery({ id, expression, metric, label, returnData }: MetricDataQuery) {
  return {
    Id: id,
    Expression: expression,
    Label: label,
    ReturnData: returnData,
    MetricStat: metric && {
      Metric: {
        Namespace: metric.namespace,
        MetricName: metric.metricName,
        Dimensions: dimensionList(metric.dimensions),
      },
      Period: metric.period,
      Stat: metric.statistic,
    },
  };
}
