import type { MetricAlarm, MetricDataQuery as WireQuery, MetricStat, Dimension } from "@aws-sdk/client-cloudwatch";
import { evaluationWindowOf } from "../../cloud/alarms/part";
import { ALB_NAMESPACE, unitOf } from "../../cloud/metrics/publication";
import { ABSENT } from "../../cloud/not-played";
import type { LoadBalancerTemplate, MetricQuery, TargetGroupTemplate } from "../../cloud/template";
import type { AlarmTemplate } from "../../cloud/template";
import { alarmProblem } from "./template-checks";
import { defined } from "./defined";
import type { LiveReads } from "./reads";

/** Names in one call of DescribeAlarms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const NAMES_IN_A_CALL = 100;

/** What the local load balancer publishes about. */
export type Published = {
  readonly loadBalancer: LoadBalancerTemplate;
  readonly targetGroups: readonly TargetGroupTemplate[];
};

/** The alarms of a deployment group, and what is not played of them. */
export interface LiveAlarms {
  readonly alarms: readonly AlarmTemplate[];
  readonly notPlayed: readonly string[];
}

/**
 * Reads alarms. One that the local cloud can't evaluate is left out and told: a rehearsal without it shows less, and nothing
 * wrong.
 * @param names of the alarms, as the deployment group has them
 * @throws LiveReadError
 */
export async function readAlarms(
  reads: LiveReads,
  names: readonly string[],
  published: Published,
): Promise<LiveAlarms> {
  const metricAlarms: MetricAlarm[] = [];
  const composite = new Set<string>();
  for (let at = 0; at < names.length; at += NAMES_IN_A_CALL) {
    const AlarmNames = names.slice(at, at + NAMES_IN_A_CALL);
    const pages = await reads.all("the alarms of the deployment group", async (NextToken) => {
      const answer = await reads.call("cloudwatch:DescribeAlarms", "the alarms of the deployment group", {
        AlarmNames,
        // Without this, CloudWatch leaves composite alarms out without a word.
        AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
        ...(NextToken !== undefined && { NextToken }),
      });
      const { MetricAlarms, CompositeAlarms, NextToken: next } = answer;
      // A page may have one of the kinds only.
      return { items: MetricAlarms || CompositeAlarms ? [{ MetricAlarms, CompositeAlarms }] : undefined, next };
    });
    for (const { MetricAlarms = [], CompositeAlarms = [] } of pages) {
      metricAlarms.push(...MetricAlarms);
      for (const { AlarmName } of CompositeAlarms) if (AlarmName !== undefined) composite.add(AlarmName);
    }
  }
  const read = names.map((name) => ({ name, wire: metricAlarms.find(({ AlarmName }) => AlarmName === name) }));
  const alarms: AlarmTemplate[] = [];
  const notPlayed: string[] = [];
  for (const { name, wire } of read) {
    const leftOut = (why: string) => notPlayed.push(`The alarm ${name} is not played: ${why}.`);
    if (composite.has(name)) leftOut("it is a composite alarm, and the local cloud has metric alarms only");
    else if (!wire) leftOut("the deployment group names it, and CloudWatch has no alarm of this name");
    else {
      const alarm = alarmOf(name, wire);
      const reason = typeof alarm === "string" ? alarm : withoutData(alarm, published);
      if (typeof alarm === "string") leftOut(alarm);
      else if (reason === undefined) alarms.push(alarm);
      else if (alarm.treatMissingData === "breaching") {
        leftOut(`${reason}, and it treats missing data as breaching, so it would always be in ALARM`);
      } else {
        alarms.push(alarm);
        notPlayed.push(`The alarm ${name} gets no data: ${reason}. It stays as it is without data.`);
      }
    }
  }
  return { alarms, notPlayed };
}

/** The alarm in the template's form, or why the local cloud can't play it. */
function alarmOf(name: string, wire: MetricAlarm): AlarmTemplate | string {
  if (wire.ThresholdMetricId !== undefined || /Lower|Upper/.test(wire.ComparisonOperator ?? ""))
    return `it ${ABSENT.anomalyDetection}`;
  const queries = wire.Metrics ?? [];
  const other = queries.find(({ AccountId }) => AccountId !== undefined && !wire.AlarmArn?.includes(`:${AccountId}:`));
  if (other) return `it reads a metric of the account ${String(other.AccountId)}`;
  const units = [wire, ...queries.map(({ MetricStat }) => ({ ...MetricStat?.Metric, Unit: MetricStat?.Unit }))];
  if (units.some(({ Namespace = "", MetricName = "", Unit }) => Unit && Unit !== unitOf(Namespace, MetricName)))
    return `its unit ${ABSENT.alarmUnit}`;
  const { SlidingWindow, WallClockWindow } = wire.EvaluationWindow ?? {};
  const window = wire.EvaluationWindow
    ? evaluationWindowOf(SlidingWindow, WallClockWindow && { timeZone: WallClockWindow.Timezone })
    : undefined;
  if (wire.EvaluationWindow && !window) return "its evaluation window is of a kind that the local cloud doesn't have";
  // A missing member becomes undefined here; the schema of the template names it.
  const alarm = defined({
    name,
    arn: wire.AlarmArn,
    description: wire.AlarmDescription,
    actions: {
      enabled: wire.ActionsEnabled ?? true,
      alarm: wire.AlarmActions ?? [],
      ok: wire.OKActions ?? [],
      insufficientData: wire.InsufficientDataActions ?? [],
    },
    comparisonOperator: wire.ComparisonOperator,
    threshold: wire.Threshold,
    evaluationPeriods: wire.EvaluationPeriods,
    datapointsToAlarm: wire.DatapointsToAlarm ?? wire.EvaluationPeriods,
    treatMissingData: wire.TreatMissingData ?? "missing",
    evaluateLowSampleCountPercentile: wire.EvaluateLowSampleCountPercentile,
    evaluationWindow: window,
    ...(queries.length > 0
      ? { metrics: queries.map(queryOf) }
      : {
          metric: {
            namespace: wire.Namespace,
            metricName: wire.MetricName,
            dimensions: dimensionsOf(wire.Dimensions),
            period: wire.Period,
            statistic: wire.Statistic ?? wire.ExtendedStatistic,
          },
        }),
  }) as unknown as AlarmTemplate;
  return alarmProblem(alarm) ?? alarm;
}

function queryOf({ Id, Expression, Label, MetricStat: stat, ReturnData = true }: WireQuery) {
  return {
    id: Id,
    expression: Expression,
    label: Label || undefined,
    returnData: ReturnData,
    metric: stat && metricOf(stat),
  };
}

function metricOf({ Metric, Period, Stat }: MetricStat) {
  return {
    namespace: Metric?.Namespace,
    metricName: Metric?.MetricName,
    dimensions: dimensionsOf(Metric?.Dimensions),
    period: Period,
    statistic: Stat,
  };
}

function dimensionsOf(dimensions: readonly Dimension[] = []): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ Name = "", Value = "" }) => [Name, Value]));
}

/** Why none of the alarm's metrics has data in the local cloud; undefined when one may. */
function withoutData({ metric, metrics = [] }: AlarmTemplate, published: Published): string | undefined {
  const read = [metric, ...metrics.map((query) => query.metric)].flatMap((one) => one ?? []);
  const reasons = read.map((one) => unpublished(one, published));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function unpublished({ namespace, metricName, dimensions }: MetricQuery, published: Published): string | undefined {
  const { LoadBalancer, TargetGroup, ...others } = dimensions;
  if (namespace !== ALB_NAMESPACE) return `the local cloud publishes no ${namespace} ${metricName}`;
  if (LoadBalancer !== published.loadBalancer.arnSuffix)
    return `it is about ${LoadBalancer ?? "no load balancer"}, not about the one of the service`;
  if (TargetGroup !== undefined && !published.targetGroups.some(({ arnSuffix }) => arnSuffix === TargetGroup))
    return `it is about ${TargetGroup}, which is none of the service's target groups`;
  const [other] = Object.keys(others);
  return other === undefined ? undefined : `the local cloud publishes ${metricName} without the dimension ${other}`;
}
