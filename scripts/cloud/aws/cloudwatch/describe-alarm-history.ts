import type { AlarmHistoryItem, DescribeAlarmHistoryOutput } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import type { AlarmTransition } from "../../alarms/part";
import { timestamp } from "../input";
import { operation } from "../operation";
import { pageOf } from "../paging";
import { alarmTypes, maxRecords } from "./alarm-input";

/** Lists the changes of alarm states, newest first by default. */
export const describeAlarmHistory = operation(
  "DescribeAlarmHistory",
  z.object({
    AlarmName: z.string().optional(),
    AlarmTypes: alarmTypes,
    HistoryItemType: z.enum(["ConfigurationUpdate", "StateUpdate", "Action"]).optional(),
    StartDate: timestamp.optional(),
    EndDate: timestamp.optional(),
    ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
    MaxRecords: maxRecords.default(100),
    NextToken: z.string().optional(),
  }),
  (input, { parts }): DescribeAlarmHistoryOutput => {
    const { AlarmName, HistoryItemType = "StateUpdate", StartDate = -Infinity, EndDate = Infinity } = input;
    // The index makes the key unique when two changes have the same time.
    const oldestFirst = parts.alarms
      .history()
      .map((transition, index) => ({ transition, key: `${index}` }))
      .filter(
        ({ transition: { alarmName, at } }) =>
          input.AlarmTypes.includes("MetricAlarm") &&
          HistoryItemType === "StateUpdate" &&
          (AlarmName === undefined || alarmName === AlarmName) &&
          at >= StartDate &&
          at <= EndDate,
      )
      .sort((a, b) => a.transition.at - b.transition.at);
    const items = input.ScanBy === "TimestampAscending" ? oldestFirst : oldestFirst.reverse();
    const page = pageOf(items, ({ key }) => key, {
      token: input.NextToken,
      size: input.MaxRecords,
      badToken: "InvalidNextToken",
    });
    return {
      AlarmHistoryItems: page.items.map(({ transition }) => historyItem(transition)),
      NextToken: page.nextToken,
    };
  },
);

function historyItem({ alarmName, at, from, to, reason, reasonData }: AlarmTransition): AlarmHistoryItem {
  return {
    AlarmName: alarmName,
    AlarmType: "MetricAlarm",
    Timestamp: new Date(at),
    HistoryItemType: "StateUpdate",
    HistorySummary: `Alarm updated from ${from} to ${to}`,
    HistoryData: JSON.stringify({
      version: "1.0",
      oldState: { stateValue: from },
      newState: {
        stateValue: to,
        stateReason: reason,
        ...(reasonData !== undefined && { stateReasonData: JSON.parse(reasonData) as unknown }),
      },
    }),
  };
}
