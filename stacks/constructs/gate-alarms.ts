import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Config } from "../config";
import type { ThresholdKind } from "../config/alarms-schema";
import { type GateLimit, type Judged, limitExpressions, limitOf } from "../gate/limit";
import { alarmKindsOf, type AlarmKind, gateLimitOf, isLimitKind, type LimitKind } from "../gate/presets";
import { type ReadMetric, whyWithoutData } from "../gate/published-metrics";
import { LIMIT_WORDS, WATCHED } from "./alarm-kinds";

/** Settings of the alarms of one target group. */
export interface GateAlarmsProps {
  /** Gives the name of the alarm of a kind. */
  readonly nameOf: (kind: AlarmKind) => string;
  readonly targetGroup: { readonly name: string; readonly arnSuffix: string };
  readonly otherTargetGroup: { readonly arnSuffix: string };
  readonly loadBalancerArnSuffix: string;
  readonly config: Pick<Config, "alarms" | "delivery" | "gate">;
  /** ARNs that are notified when an alarm fires and when it returns to OK. */
  readonly notifyArns: readonly string[];
}

/** The settings of an alarm that depend on its kind. */
type Condition = Pick<
  CloudwatchMetricAlarmConfig,
  | "alarmDescription"
  | "namespace"
  | "metricName"
  | "statistic"
  | "period"
  | "dimensions"
  | "metricQuery"
  | "threshold"
  | "evaluationPeriods"
  | "datapointsToAlarm"
>;

/**
 * The alarms that stop a release, for one target group. Both target groups need them: either may serve the new version.
 * @throws Error for a metric that the load balancer does not publish
 */
export class GateAlarms extends Construct {
  readonly names: readonly string[];
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, props: GateAlarmsProps) {
    super(scope, id);
    const alarms = alarmKindsOf(props.config).map(
      (kind) =>
        new CloudwatchMetricAlarm(this, kind, {
          alarmName: props.nameOf(kind),
          ...(isLimitKind(kind) ? limitCondition(kind, props) : thresholdCondition(kind, props)),
          comparisonOperator: "GreaterThanThreshold",
          // A load balancer does not publish zeros, so missing data means that nothing was wrong.
          treatMissingData: "notBreaching",
          ...(props.notifyArns.length > 0 && { alarmActions: [...props.notifyArns], okActions: [...props.notifyArns] }),
          // The deployment group must refer to the new alarm before the old one is deleted.
          lifecycle: { createBeforeDestroy: true },
        }),
    );
    this.names = alarms.map(({ alarmName }) => alarmName);
    this.arns = alarms.map(({ arn }) => arn);
  }
}

function thresholdCondition(kind: ThresholdKind, props: GateAlarmsProps): Condition {
  const { periodSeconds, ...kinds } = props.config.alarms;
  const { threshold, evaluationPeriods, datapointsToAlarm } = kinds[kind];
  const { metricName, statistic, problem } = WATCHED[kind];
  const metric = published({
    namespace: "AWS/ApplicationELB",
    metricName,
    statistic,
    period: periodSeconds,
    dimensions: { TargetGroup: props.targetGroup.arnSuffix, LoadBalancer: props.loadBalancerArnSuffix },
  });
  return {
    alarmDescription: `${problem}: ${statistic} of ${metricName} above ${threshold}.`,
    ...metric,
    threshold,
    evaluationPeriods,
    datapointsToAlarm,
  };
}

function limitCondition(kind: LimitKind, props: GateAlarmsProps): Condition {
  const limit = limitFor(props.config);
  return {
    alarmDescription: describe(kind, limit, props.config.gate.slowSeconds),
    metricQuery: limitExpressions(limit, judgedBy(kind, props)).map(
      ({ id, expression, metric, label, returnData }) => ({
        id,
        ...(label !== undefined && { label }),
        ...(expression !== undefined && { expression }),
        ...(metric && { metric: metricOf(published(metric)) }),
        returnData,
      }),
    ),
    threshold: 0,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
  };
}

function metricOf({ namespace, metricName, dimensions, period, statistic }: ReadMetric) {
  return { namespace, metricName, dimensions: { ...dimensions }, period, stat: statistic };
}

function describe(kind: LimitKind, limit: GateLimit, slowSeconds: number): string {
  const { normalShare, sigmas, allowance, compare, windowSeconds } = limit;
  const { problem, bad } = LIMIT_WORDS[kind](slowSeconds);
  const example = 1000;
  const most = Math.floor(limitOf(example, limit));
  return (
    `${problem}: in ${windowSeconds / 60} minutes more ${bad} than the limit, which is ${percent(normalShare)} of the ` +
    `requests + ${sigmas} standard deviations + ${allowance} (of ${example} requests, ${most} may be bad).` +
    (compare
      ? ` When the other version has more than ${percent(normalShare)} + ${compare.sigmas} standard deviations as well, its ` +
        `share counts instead, ${percent(compare.maxShare)} at most.` +
        (compare.requestRatio === undefined
          ? ""
          : ` It is a share of at most ${compare.requestRatio} of its requests for each one of this version: those since the first ` +
            "shift.")
      : "")
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(9))} %`;
}

/**
 * What the alarms of a kind judge.
 * @param props `targetGroup` is judged
 */
export function judgedBy(
  kind: LimitKind,
  props: Pick<GateAlarmsProps, "targetGroup" | "otherTargetGroup" | "loadBalancerArnSuffix"> & {
    readonly config: Pick<Config, "gate">;
  },
): Judged {
  return {
    bad: kind === "failedRequests" ? { kind } : { kind, slowSeconds: props.config.gate.slowSeconds },
    targetGroup: props.targetGroup.arnSuffix,
    otherTargetGroup: props.otherTargetGroup.arnSuffix,
    loadBalancer: props.loadBalancerArnSuffix,
  };
}

/** The limit of a configuration that has alarms with a limit. */
export function limitFor(config: Pick<Config, "delivery" | "gate">): GateLimit {
  const limit = gateLimitOf(config);
  if (!limit) throw new Error(`the preset "${config.gate.preset}" has no limit`);
  return limit;
}

function published<T extends ReadMetric>(metric: T): T {
  const problem = whyWithoutData(metric);
  if (problem !== undefined) throw new Error(`an alarm would never fire: ${problem}`);
  return metric;
}
