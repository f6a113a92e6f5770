import { SteppedClock } from "../../scripts/cloud/clock";
import { Metrics } from "../../scripts/cloud/metrics/metrics";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import type { AlarmTemplate, MetricQuery } from "../../scripts/cloud/template";
import { alarmFacts } from "../../scripts/rehearse/alarm-facts";
import { limitExpressions } from "../../stacks/gate/limit";
import { TEMPLATE } from "../cloud/aws/fake-cloud";

const query = (changes: Partial<MetricQuery> = {}): MetricQuery => ({
  namespace: "AWS/ApplicationELB",
  metricName: "HTTPCode_Target_5XX_Count",
  dimensions: { TargetGroup: "new", LoadBalancer: "lb" },
  period: 60,
  statistic: "Sum",
  ...changes,
});

const WITHOUT_METRIC: AlarmTemplate = {
  name: "errors",
  arn: "arn",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 2,
  evaluationPeriods: 3,
  datapointsToAlarm: 1,
  treatMissingData: "notBreaching",
};

const template = (changes: Partial<AlarmTemplate> = {}): AlarmTemplate => ({
  ...WITHOUT_METRIC,
  metric: query(),
  ...changes,
});

/** The facts of an alarm, after a minute with one error and one with three. */
async function factsOf(alarm: AlarmTemplate, gate: readonly string[] = ["errors"]) {
  const clock = new SteppedClock();
  const metrics = new Metrics({ clock, settings: DEFAULT_SETTINGS });
  const from = clock.now();
  const put = () => metrics.put({ ...query(), value: 1 });
  put();
  await clock.step(60_000);
  [1, 2, 3].forEach(put);
  await clock.step(600_000);
  const alarms = { enabled: true, names: gate, ignorePollAlarmFailure: false };
  const known = {
    alarms: [alarm],
    deploymentGroup: { ...TEMPLATE.deploymentGroup, alarms },
    loadBalancer: { ...TEMPLATE.loadBalancer, arnSuffix: "lb" },
    targetGroups: TEMPLATE.targetGroups.map((group, index) => ({ ...group, arnSuffix: index === 0 ? "old" : "new" })),
  };
  return alarmFacts(known, metrics, { newTargetGroup: "new", from, to: clock.now(), settings: DEFAULT_SETTINGS })[0];
}

describe("the facts of an alarm", () => {
  it("have its condition in words, and the value closest to it", async () => {
    expect(await factsOf(template())).toEqual({
      name: "errors",
      metrics: ["HTTPCode_Target_5XX_Count"],
      watches: "new",
      inGate: true,
      condition: "HTTPCode_Target_5XX_Count (Sum of 60 s) is above 2 in 1 of 3",
      worst: 3,
    });
  });

  it("have the worst value of its windows, sliding or wall-clock", async () => {
    const metric = query({ period: 300 });
    expect(await factsOf(template({ metric }))).toMatchObject({ worst: 4 });
    // The clock starts a minute before the full five minutes.
    expect(await factsOf(template({ metric, evaluationWindow: { type: "wallClock" } }))).toMatchObject({ worst: 3 });
  });

  it("have the lowest value when it fires below the threshold", async () => {
    expect(await factsOf(template({ comparisonOperator: "LessThanThreshold" }))).toMatchObject({
      worst: 1,
      condition: expect.stringContaining("is below 2") as string,
    });
  });

  it.each([
    { it: "of the old version's target group", metric: query({ dimensions: { TargetGroup: "old" } }), watches: "old" },
    { it: "of the whole load balancer", metric: query({ dimensions: { LoadBalancer: "lb" } }), watches: undefined },
  ])("do not name the new version when the metric is $it", async ({ metric, watches }) => {
    expect(await factsOf(template({ metric }))).toMatchObject({ watches, worst: undefined });
  });

  it("name every metric that its expression reads", async () => {
    const metrics = [
      { id: "errors", metric: query(), returnData: false },
      { id: "all", metric: query({ metricName: "RequestCount" }), returnData: false },
      { id: "share", expression: "errors / all", returnData: true },
    ];
    expect(await factsOf({ ...WITHOUT_METRIC, metrics })).toMatchObject({
      metrics: ["HTTPCode_Target_5XX_Count", "RequestCount"],
      watches: "new",
      worst: undefined,
      condition: "its expression is above 2 in 1 of 3",
    });
  });

  it.each([
    { it: "the new version's", targetGroup: "new", otherTargetGroup: "old", watches: "new", worst: 2.5 },
    { it: "the old version's", targetGroup: "old", otherTargetGroup: "new", watches: "old", worst: -1.5 },
  ])(
    "name the version that a limit judges, $it, and how far it was exceeded",
    async ({ watches, worst, ...groups }) => {
      const limit = { normalShare: 0.001, sigmas: 3, allowance: 1.5, windowSeconds: 300 };
      const judged = { bad: { kind: "failedRequests" as const }, loadBalancer: "lb", ...groups };
      const metrics = limitExpressions(limit, judged);
      expect(await factsOf({ ...WITHOUT_METRIC, threshold: 0, metrics }, ["errors"])).toMatchObject({
        watches,
        worst,
        condition:
          "the number of failed requests minus their limit (0.1 % of the requests of 300 s + 3 standard deviations + 1.5) is " +
          "above 0 in 1 of 3",
      });
    },
  );

  it("show that the deployment group does not have it", async () => {
    expect(await factsOf(template(), ["other"])).toMatchObject({ inGate: false });
  });
});
