import type { DescribeAlarmsOutput } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import type { AlarmTemplate } from "../../template";
import { listOf } from "../input";
import { operation } from "../operation";
import { pageOf } from "../paging";
import { alarmTypes, maxRecords, stateValue } from "./alarm-input";
import { metricAlarm } from "./metric-alarm";

/** Describes alarms in the order of their names, by name, prefix, state and action. */
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
        throw new AwsError("ValidationException", `The local cloud keeps no composite alarms: leave ${filter} out.`);
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
