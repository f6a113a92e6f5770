import type { DescribeAlarmsForMetricOutput, DescribeAlarmsOutput } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import type { AlarmTemplate } from "../../template";
import { integer, listOf } from "../input";
import { operation } from "../operation";
import { pageOf } from "../paging";
import { alarmTypes, maxRecords, stateValue } from "./alarm-input";
import { metricAlarm } from "./metric-alarm";
import { dimensionsInput, sameDimensions } from "./metric-input";

/** Describes alarms in the order of their names. Filters: names, prefix, state, action. */
export const describeAlarms = operation(
  "DescribeAlarms",
  z.object({
    AlarmNames: listOf(z.string()).optional(),
    AlarmNamePrefix: z.string().optional(),
    AlarmTypes: alarmTypes,
    StateValue: stateValue.optional(),
    ActionPrefix: z.string().optional(),
    ChildrenOfAlarmName: z.string().optional(),
    ParentsOfAlarmName: z.string().optional(),
    MaxRecords: maxRecords.default(50),
    NextToken: z.string().optional(),
  }),
  (input, { parts }): DescribeAlarmsOutput => {
    if (input.AlarmNames && input.AlarmNamePrefix !== undefined) {
      throw new AwsError("ValidationException", "AlarmNamePrefix and AlarmNames cannot be specified together");
    }
    for (const filter of ["ChildrenOfAlarmName", "ParentsOfAlarmName"] as const) {
      if (input[filter] !== undefined) {
        throw new AwsError("ValidationException", `The local cloud has no composite alarms: leave ${filter} out.`);
      }
    }
    const alarms = parts.alarms
      .all()
      .filter(
        ({ template, value }) =>
          input.AlarmTypes.includes("MetricAlarm") &&
          (input.AlarmNames?.includes(template.name) ?? true) &&
          template.name.startsWith(input.AlarmNamePrefix ?? "") &&
          (input.ActionPrefix === undefined || hasAction(template, input.ActionPrefix)) &&
          (input.StateValue === undefined || value === input.StateValue),
      )
      .sort((a, b) => (a.template.name < b.template.name ? -1 : 1));
    const page = pageOf(alarms, ({ template }) => template.name, {
      token: input.NextToken,
      size: input.MaxRecords,
      badToken: "InvalidNextToken",
    });
    return {
      MetricAlarms: page.items.map(metricAlarm),
      CompositeAlarms: [],
      NextToken: page.nextToken,
    };
  },
);

function hasAction({ actions }: AlarmTemplate, prefix: string): boolean {
  const { alarm = [], ok = [], insufficientData = [] } = actions ?? {};
  return [...alarm, ...ok, ...insufficientData].some((arn) => arn.startsWith(prefix));
}

/** Describes the alarms on a metric, without alarms on metric math. */
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

/** Deletes alarms. When one does not exist, it deletes none. */
export const deleteAlarms = operation(
  "DeleteAlarms",
  z.object({ AlarmNames: listOf(z.string()).pipe(z.array(z.string()).max(100)) }),
  ({ AlarmNames }, { parts }): Record<string, never> => {
    const unknown = AlarmNames.filter((name) => !parts.alarms.state(name));
    if (unknown.length > 0) {
      throw new AwsError("ResourceNotFound", `The alarms ${unknown.join(", ")} do not exist`, 404);
    }
    for (const name of AlarmNames) parts.alarms.delete(name);
    return {};
  },
);

/** Sets the state of an alarm. The next evaluation may change it. */
export const setAlarmState = operation(
  "SetAlarmState",
  z.object({
    AlarmName: z.string().min(1),
    StateValue: stateValue,
    StateReason: z.string().max(1023),
    StateReasonData: z.string().max(4000).optional(),
  }),
  ({ AlarmName, StateValue, StateReason, StateReasonData }, { parts }): Record<string, never> => {
    if (!parts.alarms.state(AlarmName)) {
      throw new AwsError("ResourceNotFound", `The alarm ${AlarmName} does not exist`, 404);
    }
    if (StateReasonData !== undefined) requireJson(StateReasonData);
    parts.alarms.set(AlarmName, StateValue, StateReason, StateReasonData);
    return {};
  },
);

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError("InvalidFormatFault", "StateReasonData was not syntactically valid JSON");
  }
}
