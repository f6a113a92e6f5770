import { type GateLimit, type Judged, limitExpressions } from "../../../stacks/gate/limit";
import { create, destroy, keep, update } from "../plan-fixture";
import type { Case } from "./case";

const ALARM = "aws_cloudwatch_metric_alarm";
const RULE = "gate-limit-loosened";
const BALANCED: GateLimit = {
  normalShare: 0.001,
  sigmas: 4.4,
  allowance: 1.2,
  compare: { sigmas: 2, maxShare: 0.1, requestRatio: 9 },
  windowSeconds: 300,
};
const STRICT: GateLimit = { ...BALANCED, sigmas: 3.3, allowance: 1.35 };
const comparing = (changes: Partial<NonNullable<GateLimit["compare"]>>): GateLimit => ({
  ...BALANCED,
  compare: { sigmas: 2, maxShare: 0.1, requestRatio: 9, ...changes },
});
/** With the share of all requests of the other version. */
const UNBOUND: GateLimit = { ...BALANCED, compare: { sigmas: 2, maxShare: 0.1 } };
const ALONE: GateLimit = { normalShare: 0.001, sigmas: 4.4, allowance: 1.2, windowSeconds: 300 };
const FAILED: Judged = {
  bad: { kind: "failedRequests" },
  ...{ targetGroup: "targetgroup/one/1", otherTargetGroup: "targetgroup/two/2", loadBalancer: "app/service/3" },
};
const slow = (slowSeconds: number): Judged => ({ ...FAILED, bad: { kind: "slowRequests", slowSeconds } });

/** An alarm with a threshold on one metric of the first target group. */
const TARGET_5XX = {
  alarm_name: "target-5xx-1",
  metric_name: "HTTPCode_Target_5XX_Count",
  dimensions: { TargetGroup: FAILED.targetGroup, LoadBalancer: FAILED.loadBalancer },
};

/** An alarm of the stacks, as Terraform writes it in a plan. */
const limitAlarm = (limit: GateLimit, judged: Judged = FAILED, more: object = {}) => ({
  alarm_name: "failed-requests",
  comparison_operator: "GreaterThanThreshold",
  threshold: 0,
  evaluation_periods: 1,
  datapoints_to_alarm: 1,
  metric_query: limitExpressions(limit, judged).map(({ id, expression, metric, label, returnData }) => ({
    ...{ id, label, account_id: "", period: null, return_data: returnData, expression: expression ?? "" },
    metric: metric
      ? [
          {
            ...{ namespace: metric.namespace, metric_name: metric.metricName, dimensions: metric.dimensions },
            ...{ period: metric.period, stat: metric.statistic, unit: "" },
          },
        ]
      : [],
  })),
  ...more,
});
const between = (before: GateLimit, after: GateLimit, was = FAILED, is = was) =>
  update(ALARM, limitAlarm(before, was), limitAlarm(after, is));

/** A change, its opposite of which the rule says nothing, and what it says. */
const weaker = (when: string, from: GateLimit, to: GateLimit, says: RegExp): Case => ({
  rule: RULE,
  when,
  trips: [between(from, to)],
  says,
  silent: [between(to, from), between(from, from), create(ALARM, limitAlarm(to)), destroy(ALARM, limitAlarm(from))],
});

/** Alarms whose limit lets more bad requests pass. */
export const ALARM_LIMITS: readonly Case[] = [
  weaker(
    "more bad requests are normal",
    BALANCED,
    { ...BALANCED, normalShare: 0.01 },
    /^its limit is wider: of 1000 requests, 26 bad ones fire it instead of 7 \(1 % \+ 4\.4 standard deviations \+ 1\.2 instead of 0\.1 % \+ 4\.4 /,
  ),
  weaker(
    "it is more standard deviations away, and its allowance is smaller",
    STRICT,
    BALANCED,
    /of 1000 requests, 7 bad ones fire it instead of 6 \(0\.1 % \+ 4\.4 standard deviations \+ 1\.2 instead of 0\.1 % \+ 3\.3 standard deviations \+ 1\.35\)/,
  ),
  weaker(
    "its allowance is larger, which matters at low traffic",
    BALANCED,
    { ...BALANCED, allowance: 2.5 },
    /of 1000 requests, 8 bad ones fire it instead of 7/,
  ),
  weaker(
    "it is wider only for busy services",
    BALANCED,
    { ...BALANCED, normalShare: 0.00101 },
    /of \d{4,} requests, \d+ bad ones fire it instead of \d+ \(0\.101 % /,
  ),
  weaker(
    "the window is longer",
    BALANCED,
    { ...BALANCED, windowSeconds: 900 },
    /^it counts the requests of 900 s instead of 300 s/,
  ),
  weaker("a comparison is switched on", ALONE, BALANCED, /now excuse those of this one, up to 10 % of the requests/),
  weaker(
    "the other version excuses more",
    BALANCED,
    comparing({ maxShare: 0.25 }),
    /excuse up to 25 % of the requests instead of 10 %/,
  ),
  weaker(
    "the other version excuses earlier",
    BALANCED,
    comparing({ sigmas: 1 }),
    /excuse those of this one from 1 standard deviations on instead of 2/,
  ),
  {
    ...weaker(
      "the other version's share is of fewer requests, as with a larger first shift",
      BALANCED,
      comparing({ requestRatio: 2.333333333 }),
      /^the bad requests of the other version are a share of at most 2\.333333333 of its requests for each one of this version, instead of 9; that is right for a strategy that first shifts 30 % of the traffic, and excuses too much with a smaller first shift$/,
    ),
    level: "caution",
  },
  {
    ...weaker(
      "the other version's share is no longer of all requests in the window",
      UNBOUND,
      BALANCED,
      /at most 9 of its requests for each one of this version, instead of all of them in the window; that is right for a strategy that first shifts 10 % /,
    ),
    level: "caution",
  },
  {
    rule: RULE,
    when: "answers may be slower",
    trips: [between(BALANCED, BALANCED, slow(1.5), slow(3))],
    says: /^an answer is bad after 3 s instead of 1\.5 s$/,
    silent: [between(BALANCED, BALANCED, slow(3), slow(1.5)), between(BALANCED, BALANCED, slow(3))],
  },
  // The numbers of a limit that the stacks have made are the rule's matter above; any other change is another value.
  {
    rule: "gate-metric-changed",
    when: "it judges another target group",
    trips: [between(BALANCED, BALANCED, FAILED, { ...FAILED, targetGroup: "targetgroup/other/4" })],
    says: /^its queries change/,
    silent: [
      between(BALANCED, STRICT),
      between(BALANCED, ALONE),
      between(UNBOUND, BALANCED),
      between(BALANCED, comparing({ requestRatio: 19 })),
      between(BALANCED, BALANCED, slow(1.5), slow(3)),
    ],
  },
  {
    rule: "gate-metric-changed",
    when: "it judges slow requests instead of failed ones",
    trips: [between(BALANCED, BALANCED, FAILED, slow(1.5))],
    says: /^its queries change/,
    silent: [between(STRICT, BALANCED)],
  },
  {
    rule: "gate-metric-changed",
    when: "its expression has another form",
    trips: [
      update(
        ALARM,
        limitAlarm(BALANCED),
        limitAlarm(BALANCED, FAILED, { metric_query: [{ id: "excess", expression: "0", return_data: true }] }),
      ),
    ],
    says: /^its queries change/,
    silent: [between(BALANCED, BALANCED)],
  },
  {
    rule: "gate-period-lengthened",
    when: "a period is lengthened in an alarm that the stacks have not made",
    trips: [
      update(
        ALARM,
        { metric_query: [{ id: "requests", metric: [{ period: 300 }] }] },
        { metric_query: [{ id: "requests", metric: [{ period: 900 }] }] },
      ),
    ],
    says: /900 s instead of 300 s/,
    silent: [between(BALANCED, { ...BALANCED, windowSeconds: 900 })],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm with a threshold gives way to one with a limit, on the same metric of the same target group",
    trips: [
      destroy(ALARM, TARGET_5XX),
      create(ALARM, limitAlarm(BALANCED, FAILED, { alarm_name: "failed-requests-1" })),
    ],
    says: /^is destroyed: failed-requests-1, which is created, monitors HTTPCode_Target_5XX_Count of the same target group on another condition; compare the two$/,
    silent: [create(ALARM, limitAlarm(BALANCED))],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm with a limit gives way to ones with thresholds, of which one is missing",
    trips: [destroy(ALARM, limitAlarm(BALANCED, FAILED)), create(ALARM, TARGET_5XX)],
    says: /^is destroyed: target-5xx-1, which is created, monitors HTTPCode_Target_5XX_Count of the same target group .*; no longer monitored: TargetConnectionErrorCount$/,
    silent: [between(BALANCED, BALANCED)],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "the only alarm that is created instead judges the other target group",
    trips: [
      destroy(ALARM, {
        metric_name: "HTTPCode_Target_5XX_Count",
        dimensions: { TargetGroup: "targetgroup/two/2", LoadBalancer: "app/service/3" },
      }),
      create(ALARM, limitAlarm(BALANCED)),
    ],
    says: /^is destroyed: its metrics are no longer monitored$/,
    silent: [create(ALARM, limitAlarm(BALANCED))],
  },
  {
    rule: "gate-alarm-destroyed",
    when: "an alarm on slow answers with a limit gives way to one with a threshold",
    trips: [
      destroy(ALARM, limitAlarm(BALANCED, slow(1.5))),
      create(ALARM, {
        alarm_name: "response-time-1",
        metric_name: "TargetResponseTime",
        dimensions: { TargetGroup: "targetgroup/one/1", LoadBalancer: "app/service/3" },
      }),
    ],
    says: /^is destroyed: response-time-1, which is created, monitors TargetResponseTime of the same target group on another condition; compare the two$/,
    silent: [create(ALARM, limitAlarm(BALANCED, slow(1.5)))],
  },
  // No other alarm is created that monitors the same.
  ...[
    { when: "another alarm on the same metric stays", other: keep(ALARM, TARGET_5XX) },
    { when: "something else is created with the same members", other: create("aws_sns_topic", TARGET_5XX) },
    { when: "an alarm on no metric is created", other: create(ALARM, { ...TARGET_5XX, metric_name: "" }) },
    { when: "an alarm on no target group is created", other: create(ALARM, { ...TARGET_5XX, dimensions: {} }) },
  ].map(({ when, other }) => ({
    rule: "gate-alarm-destroyed",
    when: `${when}, and an alarm is destroyed`,
    trips: [destroy(ALARM, TARGET_5XX), other],
    says: /^is destroyed: its metrics are no longer monitored$/,
    silent: [create(ALARM, TARGET_5XX)],
  })),
  ...[
    { when: "on no target group", alarm: { ...TARGET_5XX, dimensions: {} } },
    { when: "on no single metric", alarm: { ...TARGET_5XX, metric_name: "" } },
  ].map(({ when, alarm }) => ({
    rule: "gate-alarm-destroyed",
    when: `an alarm ${when} gives way to another one`,
    trips: [destroy(ALARM, alarm), create(ALARM, alarm)],
    says: /^is destroyed: its metrics are no longer monitored$/,
    silent: [create(ALARM, alarm)],
  })),
];
