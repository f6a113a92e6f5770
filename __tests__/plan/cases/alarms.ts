import { create, destroy, keep, replace, update } from "../plan-fixture";
import type { Case } from "./case";

const ALARM = "aws_cloudwatch_metric_alarm";
const alarm = (values: object) => ({
  alarm_name: "errors",
  comparison_operator: "GreaterThanThreshold",
  threshold: 2,
  period: 60,
  evaluation_periods: 1,
  datapoints_to_alarm: 1,
  treat_missing_data: "notBreaching",
  actions_enabled: true,
  alarm_actions: ["arn:aws:sns:topic"],
  metric_name: "HTTPCode_Target_5XX_Count",
  ...values,
});
const alarmChange = (before: object, after: object) => update(ALARM, alarm(before), alarm(after));

/** What weakens the alarms. */
export const ALARMS: readonly Case[] = [
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm is destroyed",
    trips: [destroy(ALARM, alarm({}))],
    says: /goes unwatched/,
    silent: [create(ALARM, alarm({}))],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm is replaced by one of the same name, made first",
    trips: [replace(ALARM, alarm({}), alarm({}), { actions: ["create", "delete"] })],
    says: /of the same name/,
    silent: [keep(ALARM, alarm({}))],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm gets another name",
    trips: [replace(ALARM, alarm({}), alarm({ alarm_name: "other" }))],
    says: /begins without data/,
    level: "caution",
    silent: [alarmChange({}, { threshold: 3 })],
  },
  {
    rule: "gate-threshold-loosened",
    when: "a threshold is raised",
    trips: [alarmChange({ threshold: 2 }, { threshold: 5 })],
    says: /at 5 instead of 2/,
    silent: [alarmChange({ threshold: 5 }, { threshold: 2 })],
  },
  {
    rule: "gate-threshold-loosened",
    when: "a threshold is lowered where less is worse",
    trips: [
      alarmChange(
        { comparison_operator: "LessThanThreshold", threshold: 2 },
        { comparison_operator: "LessThanThreshold", threshold: 1 },
      ),
    ],
    says: /at 1 instead of 2/,
    silent: [
      alarmChange(
        { comparison_operator: "LessThanThreshold", threshold: 1 },
        { comparison_operator: "LessThanThreshold", threshold: 2 },
      ),
    ],
  },
  {
    rule: "gate-threshold-loosened",
    when: "the new threshold is not known yet",
    trips: [update(ALARM, alarm({}), alarm({ threshold: null }), { after_unknown: { threshold: true } })],
    says: /cannot tell until apply/,
    level: "caution",
    silent: [update(ALARM, alarm({}), alarm({}), { after_unknown: { id: true } })],
  },
  {
    rule: "gate-period-lengthened",
    when: "the period is lengthened",
    trips: [alarmChange({ period: 60 }, { period: 300 })],
    says: /300 s instead of 60 s/,
    silent: [alarmChange({ period: 300 }, { period: 60 })],
  },
  {
    rule: "gate-period-lengthened",
    when: "the period of a query is lengthened, and the queries change places",
    trips: [
      alarmChange(
        {
          metric_query: [
            { id: "a", metric: [{ period: 60 }] },
            { id: "b", metric: [{ period: 60 }] },
          ],
        },
        {
          metric_query: [
            { id: "b", metric: [{ period: 120 }] },
            { id: "a", metric: [{ period: 60 }] },
          ],
        },
      ),
    ],
    says: /120 s instead of 60 s/,
    silent: [
      alarmChange(
        {
          metric_query: [
            { id: "a", metric: [{ period: 60 }] },
            { id: "b", metric: [{ period: 120 }] },
          ],
        },
        {
          metric_query: [
            { id: "b", metric: [{ period: 120 }] },
            { id: "a", metric: [{ period: 60 }] },
          ],
        },
      ),
    ],
  },
  {
    rule: "gate-evaluation-lengthened",
    when: "more bad periods are needed",
    trips: [alarmChange({}, { evaluation_periods: 3, datapoints_to_alarm: 3 })],
    says: /3 bad periods are needed/,
    silent: [alarmChange({ evaluation_periods: 3, datapoints_to_alarm: 3 }, {})],
  },
  {
    rule: "gate-evaluation-lengthened",
    when: "without datapoints to alarm, more periods are needed",
    trips: [alarmChange({ datapoints_to_alarm: null }, { evaluation_periods: 2, datapoints_to_alarm: null })],
    says: /2 bad periods are needed/,
    silent: [alarmChange({ datapoints_to_alarm: null }, { datapoints_to_alarm: 1 })],
  },
  {
    rule: "gate-evaluation-lengthened",
    when: "as many bad periods must fall into fewer",
    trips: [
      alarmChange({ evaluation_periods: 5, datapoints_to_alarm: 2 }, { evaluation_periods: 2, datapoints_to_alarm: 2 }),
    ],
    says: /within 2 instead of 5/,
    silent: [
      alarmChange({ evaluation_periods: 5, datapoints_to_alarm: 2 }, { evaluation_periods: 4, datapoints_to_alarm: 1 }),
    ],
  },
  {
    rule: "gate-evaluation-lengthened",
    when: "it looks at more periods for as many bad ones",
    trips: [alarmChange({}, { evaluation_periods: 3 })],
    says: /at 3 periods/,
    level: "caution",
    silent: [alarmChange({}, { threshold: 9 })],
  },
  {
    rule: "gate-missing-data-changed",
    when: "missing data counts otherwise",
    trips: [alarmChange({}, { treat_missing_data: "ignore" })],
    says: /ignore instead of notBreaching/,
    silent: [alarmChange({}, { threshold: 9 })],
  },
  {
    rule: "gate-comparison-changed",
    when: "the comparison changes",
    trips: [alarmChange({}, { comparison_operator: "LessThanThreshold" })],
    says: /LessThanThreshold instead of GreaterThanThreshold/,
    silent: [alarmChange({}, { threshold: 9 })],
  },
  {
    rule: "gate-actions-disabled",
    when: "the actions are turned off",
    trips: [alarmChange({}, { actions_enabled: false })],
    says: /turned off/,
    silent: [alarmChange({ actions_enabled: false }, { actions_enabled: true })],
  },
  {
    rule: "gate-actions-disabled",
    when: "an action is removed",
    trips: [alarmChange({ alarm_actions: ["a", "b"] }, { alarm_actions: ["b"] })],
    says: /1 of its actions/,
    silent: [
      alarmChange({ alarm_actions: ["a"] }, { alarm_actions: ["a", "b"] }),
      update(ALARM, alarm({ alarm_actions: [] }), alarm({}), { after_unknown: { alarm_actions: true } }),
    ],
  },
  {
    rule: "gate-metric-changed",
    when: "it looks at another metric",
    trips: [alarmChange({}, { metric_name: "RequestCount" })],
    says: /metric_name/,
    level: "caution",
    silent: [alarmChange({}, { threshold: 9 })],
  },
  {
    rule: "gate-health-check-loosened",
    when: "a sick task is found later",
    trips: [update("aws_lb_target_group", { health_check: [{ interval: 10 }] }, { health_check: [{ interval: 30 }] })],
    says: /interval goes from 10 to 30/,
    silent: [update("aws_lb_target_group", { health_check: [{ interval: 30 }] }, { health_check: [{ interval: 10 }] })],
  },
  {
    rule: "gate-health-check-loosened",
    when: "it checks another path",
    trips: [update("aws_lb_target_group", { health_check: [{ path: "/health" }] }, { health_check: [{ path: "/" }] })],
    says: /path/,
    level: "caution",
    silent: [update("aws_lb_target_group", { slow_start: 0 }, { slow_start: 30 })],
  },
];
