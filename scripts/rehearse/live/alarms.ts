import type { MetricAlarm, MetricDataQuery as WireQuery, MetricStat, Dimension } from "@aws-sdk/client-cloudwatch";
import { evaluationWindowOf } from "../../cloud/alarms/part";
import { unitOf } from "../../cloud/metrics/publication";
import { ABSENT } from "../../cloud/not-played";
import type { AlarmTemplate } from "../../cloud/template";
import { missingData, type MissingData, type Published } from "../alarm-data";
import { alarmProblem } from "./template-checks";
import { defined } from "./defined";
import type { LiveReads } from "./reads";

/** Names in one call of DescribeAlarms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const NAMES_IN_A_CALL = 100;

/** The alarms of a deployment group, and what is not played of them. */
export interface LiveAlarms {
  readonly alarms: readonly AlarmTemplate[];
  /** Names of the other alarms, which are left out. */
  readonly leftOut: readonly string[];
  /** One sentence for each alarm that is left out, or that lacks data. */
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
  const alarms: AlarmTemplate[] = [];
  const leftOut: string[] = [];
  const notPlayed: string[] = [];
  for (const name of names) {
    const leaveOut = (why: string) => {
      leftOut.push(name);
      notPlayed.push(`The alarm ${name} is not played: ${why}.`);
    };
    const wire = metricAlarms.find(({ AlarmName }) => AlarmName === name);
    if (composite.has(name)) leaveOut("it is a composite alarm, and the local cloud has metric alarms only");
    else if (!wire)
      leaveOut("the deployment group names it, and CloudWatch has no metric or composite alarm of this name");
    else {
      const alarm = alarmOf(name, wire);
      if (typeof alarm === "string") leaveOut(alarm);
      else {
        const missing = missingData(alarm, published);
        if (missing?.what === "all" && alarm.treatMissingData === "breaching") {
          leaveOut(`${missing.why}, and it treats missing data as breaching, so it would always be in ALARM`);
        } else {
          alarms.push(alarm);
          if (missing) notPlayed.push(withoutData(name, missing));
        }
      }
    }
  }
  return { alarms, leftOut, notPlayed };
}

function withoutData(name: string, { what, why }: MissingData): string {
  return what === "all"
    ? `The alarm ${name} gets no data: ${why}. It stays as it is without data.`
    : `The alarm ${name} gets only a part of its data: ${why}. It may fire or not, unlike on AWS.`;
}

/** The alarm in the template's form, or why the local cloud can't play it. */
function alarmOf(name: string, wire: MetricAlarm): AlarmTemplate | string {
  if (wire.ThresholdMetricId !== undefined || /Lower|Upper/.test(wire.ComparisonOperator ?? ""))
    return `it ${ABSENT.anomalyDetection}`;
  if (wire.EvaluationCriteria !== undefined) return "it is evaluated by PromQL, which the local cloud doesn't have";
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
