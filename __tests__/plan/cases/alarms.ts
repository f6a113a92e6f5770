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

/** Alarms that detect less. */
export const ALARMS: readonly Case[] = [
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm is destroyed",
    trips: [destroy(ALARM, alarm({}))],
    says: /no longer monitored/,
    silent: [create(ALARM, alarm({}))],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm is forgotten",
    trips: [{ ...destroy(ALARM, alarm({})), change: { actions: ["forget"], before: alarm({}), after: null } }],
    says: /^is removed from the state: it stays/,
    level: "caution",
    silent: [keep(ALARM, alarm({}))],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm is replaced by one with the same name, created first",
    trips: [replace(ALARM, alarm({}), alarm({}), { actions: ["create", "delete"] })],
    says: /with the same name/,
    silent: [keep(ALARM, alarm({}))],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm gets another name",
    trips: [replace(ALARM, alarm({}), alarm({ alarm_name: "other" }))],
    says: /starts without data/,
    level: "caution",
    silent: [alarmChange({}, { threshold: 3 })],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm gets another name, created first",
    trips: [replace(ALARM, alarm({}), alarm({ alarm_name: "other" }), { actions: ["create", "delete"] })],
    says: /starts without data/,
    level: "caution",
    silent: [create(ALARM, alarm({}))],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm is replaced by one with the same name, created last",
    trips: [replace(ALARM, alarm({}), alarm({}))],
    says: /starts without data/,
    level: "caution",
    silent: [create(ALARM, alarm({}))],
  },
  ...[
    { when: "the threshold is no longer a number", change: alarmChange({}, { threshold: null }) },
    { when: "the threshold becomes a number", change: alarmChange({ threshold: null }, {}) },
    {
      when: "a threshold changes, and how it compares is not known yet",
      change: update(ALARM, alarm({ threshold: 5 }), alarm({ comparison_operator: null }), {
        after_unknown: { comparison_operator: true },
      }),
    },
  ].map(({ when, change }): Case => ({
    rule: "gate-threshold-loosened",
    when,
    trips: [change],
    says: /no longer a number, or becomes one/,
    level: "caution",
    silent: [alarmChange({}, { period: 30 })],
  })),
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
    says: /can't be assessed before apply/,
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
    rule: "gate-period-lengthened",
    when: "a query gets another id and a longer period",
    trips: [
      alarmChange(
        { period: null, metric_query: [{ id: "a", metric: [{ period: 60 }] }] },
        { period: null, metric_query: [{ id: "b", metric: [{ period: 300 }] }] },
      ),
    ],
    says: /300 s instead of 60 s/,
    silent: [
      alarmChange(
        { period: null, metric_query: [{ id: "a", metric: [{ period: 60 }] }] },
        { period: null, metric_query: [{ id: "b", metric: [{ period: 60 }] }] },
      ),
    ],
  },
  {
    rule: "gate-period-lengthened",
    when: "queries with a longer period replace the alarm's metric",
    trips: [alarmChange({}, { period: null, metric_query: [{ id: "a", period: 300 }] })],
    says: /300 s instead of 60 s/,
    silent: [alarmChange({}, { period: null, metric_query: [{ id: "a", period: 60, metric: [{ period: 60 }] }] })],
  },
  {
    rule: "gate-period-lengthened",
    when: "a period is certainly longer, though a dimension is not known yet",
    trips: [
      update(
        ALARM,
        alarm({ metric_query: [{ id: "a", metric: [{ period: 60 }] }] }),
        alarm({ metric_query: [{ id: "a", metric: [{ period: 300 }] }] }),
        { after_unknown: { metric_query: [{ metric: [{ dimensions: { TargetGroup: true } }] }] } },
      ),
    ],
    says: /300 s instead of 60 s/,
    silent: [
      update(ALARM, alarm({}), alarm({}), { after_unknown: { metric_query: [{ metric: [{ dimensions: true }] }] } }),
    ],
  },
  {
    rule: "gate-period-lengthened",
    when: "the period is not known yet",
    trips: [update(ALARM, alarm({}), alarm({ period: null }), { after_unknown: { period: true } })],
    says: /can't be assessed before apply: period/,
    level: "caution",
    silent: [create(ALARM, alarm({ period: null }), { after_unknown: { period: true } })],
  },
  {
    rule: "gate-evaluation-lengthened",
    when: "more bad periods are needed",
    trips: [alarmChange({}, { evaluation_periods: 3, datapoints_to_alarm: 3 })],
    says: /3 bad periods are needed/,
    silent: [
      alarmChange({ evaluation_periods: 3, datapoints_to_alarm: 3 }, {}),
      // Without a number of periods there is nothing to compare.
      alarmChange({ evaluation_periods: null }, { evaluation_periods: 3, datapoints_to_alarm: 3 }),
      alarmChange({ evaluation_periods: 3, datapoints_to_alarm: 3 }, { evaluation_periods: null }),
    ],
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
    when: "datapoints to alarm are 0, which is none, and more periods are needed",
    trips: [alarmChange({ datapoints_to_alarm: 0 }, { evaluation_periods: 2, datapoints_to_alarm: 0 })],
    says: /2 bad periods are needed to fire instead of 1/,
    silent: [
      alarmChange({ evaluation_periods: 2, datapoints_to_alarm: 0 }, { evaluation_periods: 2, datapoints_to_alarm: 2 }),
    ],
  },
  ...["evaluation_periods", "datapoints_to_alarm"].map((name): Case => {
    const unknown = { after_unknown: { [name]: true } };
    return {
      rule: "gate-evaluation-lengthened",
      when: `${name} is not known yet`,
      trips: [update(ALARM, alarm({}), alarm({ [name]: null }), unknown)],
      says: /can't be assessed before apply: the number of periods/,
      level: "caution",
      silent: [create(ALARM, alarm({ [name]: null }), unknown)],
    };
  }),
  {
    rule: "gate-evaluation-lengthened",
    when: "the same number of bad periods must occur within fewer",
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
    when: "more periods are evaluated for the same number of bad ones",
    trips: [alarmChange({}, { evaluation_periods: 3 })],
    says: /evaluates 3 periods/,
    level: "caution",
    silent: [alarmChange({}, { threshold: 9 })],
  },
  {
    rule: "gate-missing-data-changed",
    when: "missing data is treated in another way",
    trips: [alarmChange({}, { treat_missing_data: "ignore" })],
    says: /ignore instead of notBreaching/,
    silent: [
      alarmChange({}, { threshold: 9 }),
      // The default is "missing".
      update(ALARM, alarm({ treat_missing_data: null }), alarm({ treat_missing_data: "missing" }), { name: "same" }),
    ],
  },
  {
    rule: "gate-missing-data-changed",
    when: "the treatment of missing data is removed",
    trips: [alarmChange({ treat_missing_data: "breaching" }, { treat_missing_data: null })],
    says: /as missing instead of breaching/,
    silent: [alarmChange({ treat_missing_data: "missing" }, { treat_missing_data: "" })],
  },
  {
    rule: "gate-comparison-changed",
    when: "the comparison changes",
    trips: [alarmChange({}, { comparison_operator: "LessThanThreshold" })],
    says: /LessThanThreshold instead of GreaterThanThreshold/,
    silent: [alarmChange({}, { threshold: 9 })],
  },
  ...["GreaterThan", "LessThan"].map((name): Case => {
    const [strict, loose] = [`${name}OrEqualToThreshold`, `${name}Threshold`];
    return {
      rule: "gate-comparison-changed",
      when: `${strict} becomes ${loose}`,
      trips: [alarmChange({ comparison_operator: strict }, { comparison_operator: loose })],
      says: new RegExp(`${loose} instead of ${strict}`),
      silent: [alarmChange({ comparison_operator: loose }, { comparison_operator: strict })],
    };
  }),
  {
    rule: "gate-actions-disabled",
    when: "the actions are turned off",
    trips: [alarmChange({}, { actions_enabled: false })],
    says: /turned off/,
    silent: [
      alarmChange({ actions_enabled: false }, { actions_enabled: true }),
      // The default is true.
      alarmChange({}, { actions_enabled: null }),
    ],
  },
  {
    rule: "gate-actions-disabled",
    when: "an action is removed",
    trips: [alarmChange({ alarm_actions: ["a", "b"] }, { alarm_actions: ["b"] })],
    says: /^it no longer notifies a$/,
    silent: [
      alarmChange({ alarm_actions: ["a"] }, { alarm_actions: ["a", "b"] }),
      update(ALARM, alarm({ alarm_actions: [] }), alarm({}), { after_unknown: { alarm_actions: true } }),
    ],
  },
];
