import type { AlarmTemplate } from "../../scripts/cloud/template";
import { responseTimeThresholdMs, slowMachineWarning } from "../../scripts/rehearse/slow-machine";
import { limitExpressions } from "../../stacks/gate/limit";

const COMMON = {
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: "notBreaching",
} as const;

const alarm = (metricName: string, threshold: number): AlarmTemplate => ({
  ...COMMON,
  name: metricName,
  arn: metricName,
  threshold,
  metric: { namespace: "AWS/ApplicationELB", metricName, dimensions: {}, period: 60, statistic: "Average" },
});
const alarms = [alarm("TargetResponseTime", 2), alarm("TargetResponseTime", 1.5), alarm("UnHealthyHostCount", 0)];

/** An alarm on the number of answers later than 1.2 s. */
const limit: AlarmTemplate = {
  ...COMMON,
  name: "slow requests",
  arn: "slow requests",
  threshold: 0,
  metrics: limitExpressions(
    { normalShare: 0.001, sigmas: 4.4, allowance: 1.2, windowSeconds: 300 },
    {
      bad: { kind: "slowRequests", slowSeconds: 1.2 },
      ...{ targetGroup: "one", otherTargetGroup: "two", loadBalancer: "balancer" },
    },
  ),
};

describe("the response time before the release", () => {
  it("causes a warning when it is close to what is too long for an alarm", () => {
    expect(slowMachineWarning(800, responseTimeThresholdMs(alarms), 20)).toBe(
      "this machine is slow for --speed 20: version 1 answers in 800 simulated ms on average, and more than 1500 ms are too " +
        "long for an alarm; try a lower --speed or --rps",
    );
    expect(slowMachineWarning(700, responseTimeThresholdMs([...alarms, limit]), 20)).toContain("more than 1200 ms");
  });

  it.each([
    { it: "far below it", averageMs: 700, known: alarms },
    { it: "not known", averageMs: undefined, known: alarms },
    { it: "watched by no alarm", averageMs: 9000, known: alarms.slice(2) },
  ])("causes no warning when it is $it", ({ averageMs, known }) => {
    expect(slowMachineWarning(averageMs, responseTimeThresholdMs(known), 20)).toBeUndefined();
  });
});
