import type { AlarmTemplate } from "../../scripts/cloud/template";
import { responseTimeThresholdMs, slowMachineWarning } from "../../scripts/rehearse/slow-machine";

const alarm = (metricName: string, threshold: number): AlarmTemplate => ({
  name: metricName,
  arn: metricName,
  comparisonOperator: "GreaterThanThreshold",
  threshold,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: "notBreaching",
  metric: { namespace: "AWS/ApplicationELB", metricName, dimensions: {}, period: 60, statistic: "Average" },
});
const alarms = [alarm("TargetResponseTime", 2), alarm("TargetResponseTime", 1.5), alarm("UnHealthyHostCount", 0)];

describe("the response time before the release", () => {
  it("causes a warning when it is close to the response-time alarm", () => {
    expect(slowMachineWarning(800, responseTimeThresholdMs(alarms), 20)).toBe(
      "this machine is slow for --speed 20: version 1 answers in 800 simulated ms on average, and the response-time " +
        "alarm fires above 1500 ms; try a lower --speed or --rps",
    );
  });

  it.each([
    { it: "far below it", averageMs: 700, known: alarms },
    { it: "not known", averageMs: undefined, known: alarms },
    { it: "watched by no alarm", averageMs: 9000, known: alarms.slice(2) },
  ])("causes no warning when it is $it", ({ averageMs, known }) => {
    expect(slowMachineWarning(averageMs, responseTimeThresholdMs(known), 20)).toBeUndefined();
  });
});
