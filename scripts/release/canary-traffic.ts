import type { MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { UnreadableAnswer } from "../command/aws-answers";
import type { MetricDimensions } from "./alarm-scope";
import type { AwsPort } from "./aws-port";

/** The requests of a minute. `at`: its start, in milliseconds since the Unix epoch. */
export interface MinuteCount {
  readonly at: number;
  readonly requests: number;
}

const MINUTE_MS = 60_000;

/**
 * The requests of the new version's target group, minute by minute, oldest first. A minute without requests has no data, and
 * CloudWatch shows a minute's data only after a while, so the list is what is visible so far.
 *
 * @param from the minute of this moment is the first, in milliseconds since the Unix epoch
 * @param to later minutes don't count
 * @throws what GetMetricData throws, and UnreadableAnswer when it says that its data is not complete
 */
export async function readRequests(
  aws: Pick<AwsPort, "getMetricData">,
  { loadBalancer, next }: Required<Pick<MetricDimensions, "loadBalancer" | "next">>,
  from: number,
  to: number,
): Promise<readonly MinuteCount[]> {
  const { MetricDataResults = [], NextToken } = await aws.getMetricData({
    MetricDataQueries: [
      {
        Id: "requests",
        MetricStat: {
          Metric: {
            Namespace: "AWS/ApplicationELB",
            MetricName: "RequestCount",
            Dimensions: [
              { Name: "TargetGroup", Value: next },
              { Name: "LoadBalancer", Value: loadBalancer },
            ],
          },
          Period: 60,
          Stat: "Sum",
        },
      },
    ],
    StartTime: new Date(Math.floor(from / MINUTE_MS) * MINUTE_MS),
    EndTime: new Date(Math.ceil((to + 1) / MINUTE_MS) * MINUTE_MS),
    ScanBy: "TimestampAscending",
  });
  const trouble = MetricDataResults.find(({ StatusCode = "Complete" }) => StatusCode !== "Complete");
  if (trouble || NextToken !== undefined) throw new UnreadableAnswer(`GetMetricData answered ${statusOf(trouble)}`);
  return MetricDataResults.flatMap(({ Timestamps = [], Values = [] }) =>
    Timestamps.map((at, index) => ({ at: at.getTime(), requests: Math.round(Values[index] ?? 0) })),
  );
}

function statusOf({ StatusCode = "PartialData", Messages = [] }: MetricDataResult = {}): string {
  return [StatusCode, ...Messages.flatMap(({ Value }) => Value ?? [])].join(": ");
}
