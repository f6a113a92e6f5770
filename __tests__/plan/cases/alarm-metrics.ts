import { create, update } from "../plan-fixture";
import type { Case } from "./case";

const ALARM = "aws_cloudwatch_metric_alarm";
const RULE = "gate-metric-changed";
const GREATER = { comparison_operator: "GreaterThanThreshold" };
const LESS = { comparison_operator: "LessThanThreshold" };
const alarmChange = (before: object, after: object) =>
  update(ALARM, { ...GREATER, ...before }, { ...GREATER, ...after });

const looksElsewhere = (name: string): Case => ({
  rule: RULE,
  when: `${name} changes`,
  trips: [alarmChange({ [name]: "a" }, { [name]: "b" })],
  says: new RegExp(`^it monitors something else: ${name} changes$`),
  level: "caution",
  silent: [alarmChange({ [name]: "a", threshold: 1 }, { [name]: "a", threshold: 2 })],
});

/** When more is worse, the second statistic detects less than the first; when less is worse, the first one does. */
const seesLess = (more: object, less: object, says: RegExp): readonly Case[] => [
  {
    rule: RULE,
    when: `${JSON.stringify(more)} becomes ${JSON.stringify(less)}`,
    trips: [alarmChange(more, less)],
    says,
    silent: [alarmChange(less, more)],
  },
  {
    rule: RULE,
    when: `${JSON.stringify(less)} becomes ${JSON.stringify(more)} where less is worse`,
    trips: [update(ALARM, { ...LESS, ...less }, { ...LESS, ...more })],
    says: /it detects less/,
    silent: [update(ALARM, { ...LESS, ...more }, { ...LESS, ...less })],
  },
];
const statistic = (name: string) => ({ statistic: name, extended_statistic: null });
const percentile = (name: string) => ({ statistic: "", extended_statistic: name });

const query = (values: object = {}) => ({
  id: "e",
  expression: "m1 + m2",
  label: "errors",
  period: 60,
  return_data: true,
  metric: [],
  ...values,
});
const metric = (values: object = {}) => ({
  id: "m1",
  metric: [{ metric_name: "5XX", period: 60, stat: "Sum", ...values }],
});
const queries = (...all: readonly object[]) => ({ metric_query: all });

/** Alarms that monitor something else. */
export const ALARM_METRICS: readonly Case[] = [
  ...["metric_name", "namespace", "unit", "threshold_metric_id", "evaluate_low_sample_count_percentiles"].map(
    looksElsewhere,
  ),
  {
    rule: RULE,
    when: "a dimension is dropped",
    trips: [
      alarmChange({ dimensions: { LoadBalancer: "a", TargetGroup: "b" } }, { dimensions: { LoadBalancer: "a" } }),
    ],
    says: /^its dimensions change/,
    silent: [
      alarmChange(
        { dimensions: { LoadBalancer: "a", TargetGroup: "b" }, threshold: 1 },
        { dimensions: { LoadBalancer: "a", TargetGroup: "b" }, threshold: 2 },
      ),
    ],
  },
  {
    rule: RULE,
    when: "a dimension is not known yet",
    trips: [
      update(
        ALARM,
        { dimensions: { TargetGroup: "b" } },
        { dimensions: {} },
        {
          after_unknown: { dimensions: { TargetGroup: true } },
        },
      ),
    ],
    says: /can't be assessed before apply: dimensions/,
    level: "caution",
    silent: [create(ALARM, { dimensions: {} }, { after_unknown: { dimensions: { TargetGroup: true } } })],
  },
  ...seesLess(statistic("Maximum"), statistic("Minimum"), /^it uses Minimum instead of Maximum: it detects less$/),
  ...seesLess(statistic("Maximum"), statistic("Average"), /Average instead of Maximum/),
  ...seesLess(statistic("Average"), statistic("Minimum"), /Minimum instead of Average/),
  ...seesLess(percentile("p99"), percentile("p50"), /p50 instead of p99/),
  ...seesLess(percentile("p99.9"), percentile("p99"), /p99 instead of p99\.9/),
  ...seesLess(statistic("Maximum"), percentile("p99"), /p99 instead of Maximum/),
  {
    rule: RULE,
    when: "one statistic can't be compared with the other",
    trips: [alarmChange(statistic("Average"), percentile("p50"))],
    says: /statistic changes/,
    level: "caution",
    silent: [alarmChange(percentile("p50"), { ...percentile("p50"), statistic: null })],
  },
  {
    rule: RULE,
    when: "the average is replaced by another statistic",
    trips: [alarmChange(percentile("p50"), statistic("Sum"))],
    says: /statistic changes/,
    level: "caution",
    silent: [alarmChange(statistic("Sum"), statistic("Sum"))],
  },
  ...["xp50", "p50x", "p99.95.1"].map((name): Case => ({
    rule: RULE,
    when: `a percentile is replaced by ${name}`,
    trips: [alarmChange(percentile("p99.95"), percentile(name))],
    says: /statistic changes/,
    level: "caution",
    silent: [
      alarmChange(percentile("p99.95"), percentile("p99.950")),
      update(ALARM, { ...LESS, ...percentile("p90") }, { ...LESS, ...percentile("p90.0") }, { name: "less" }),
      update(ALARM, { threshold: 1 }, {}, { after_unknown: { threshold: true }, name: "threshold" }),
    ],
  })),
  {
    rule: RULE,
    when: "a statistic that can't be compared is replaced by one that can",
    trips: [alarmChange(statistic("SampleCount"), statistic("Maximum"))],
    says: /statistic changes/,
    level: "caution",
    silent: [alarmChange(statistic("SampleCount"), statistic("SampleCount"))],
  },
  {
    rule: "gate-period-lengthened",
    when: "the shorter period of two is lengthened",
    trips: [
      alarmChange(
        queries(query({ period: 60 }), query({ id: "f", period: 300 })),
        queries(query({ period: 300 }), query({ id: "f", period: 300 })),
      ),
    ],
    says: /^a period is 300 s instead of 60 s/,
    silent: [
      alarmChange({}, { period: 60 }),
      update(ALARM, { period: 0 }, { period: 60 }, { name: "not-set" }),
      update(ALARM, { period: 60 }, { period: 0 }, { name: "no-longer-set" }),
    ],
  },
  {
    rule: "gate-period-lengthened",
    when: "a query that had no period gets one that is longer than all others",
    trips: [
      alarmChange(
        queries(query({ period: 0 }), query({ id: "f", period: 60 })),
        queries(query({ period: 300 }), query({ id: "f", period: 60 })),
      ),
    ],
    says: /^a period is 300 s instead of 60 s/,
    silent: [
      alarmChange(
        queries(query({ period: 0 }), query({ id: "f", period: 60 })),
        queries(query({ period: 60 }), query({ id: "f", period: 60 })),
      ),
    ],
  },
  {
    rule: RULE,
    when: "the statistic is not known yet",
    trips: [update(ALARM, statistic("Maximum"), {}, { after_unknown: { statistic: true } })],
    says: /can't be assessed before apply: statistic/,
    level: "caution",
    silent: [create(ALARM, {}, { after_unknown: { statistic: true } })],
  },
  {
    rule: RULE,
    when: "an expression always gives 0",
    trips: [alarmChange(queries(query(), metric()), queries(query({ expression: "(m1 + m2) * 0" }), metric()))],
    says: /^its queries change/,
    // Labels, order and periods don't change what is computed; another rule compares the periods.
    silent: [
      alarmChange(queries(query(), metric()), queries(metric({ period: 300 }), query({ label: "other", period: 300 }))),
    ],
  },
  {
    rule: RULE,
    when: "a query has another metric",
    trips: [alarmChange(queries(metric()), queries(metric({ stat: "Minimum" })))],
    says: /^its queries change/,
    silent: [alarmChange(queries(metric()), queries(metric()))],
  },
];
