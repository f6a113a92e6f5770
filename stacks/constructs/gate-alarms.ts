import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Config } from "../config";
import { ALARM_KINDS, type AlarmKind } from "../config/alarms-schema";
import { WATCHED } from "./alarm-kinds";

/** Settings of the alarms of one target group. */
export interface GateAlarmsProps {
  /** Name of the alarm of a kind. */
  readonly nameOf: (kind: AlarmKind) => string;
  readonly targetGroup: { readonly name: string; readonly arnSuffix: string };
  readonly loadBalancerArnSuffix: string;
  readonly settings: Config["alarms"];
  /** Who is told when an alarm fires and when it is over, by ARN. */
  readonly tell: readonly string[];
}

/** The alarms that stop a release, for one target group: either may be the one that carries the new version. */
export class GateAlarms extends Construct {
  /** Names of the alarms. */
  readonly names: readonly string[];
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, props: GateAlarmsProps) {
    super(scope, id);
    const { periodSeconds, ...kinds } = props.settings;
    const alarms = ALARM_KINDS.map((kind) => {
      const { threshold, evaluationPeriods, datapointsToAlarm } = kinds[kind];
      const { metricName, statistic, problem } = WATCHED[kind];
      return new CloudwatchMetricAlarm(this, kind, {
        alarmName: props.nameOf(kind),
        alarmDescription: `${problem}: ${statistic} of ${metricName} above ${threshold}.`,
        namespace: "AWS/ApplicationELB",
        metricName,
        statistic,
        period: periodSeconds,
        dimensions: { TargetGroup: props.targetGroup.arnSuffix, LoadBalancer: props.loadBalancerArnSuffix },
        comparisonOperator: "GreaterThanThreshold",
        threshold,
        evaluationPeriods,
        datapointsToAlarm,
        // An ALB publishes no zeros: no data means nothing bad was seen.
        treatMissingData: "notBreaching",
        ...(props.tell.length > 0 && { alarmActions: [...props.tell], okActions: [...props.tell] }),
        // Else an alarm that is replaced would be deleted while the deployment group still refers to it.
        lifecycle: { createBeforeDestroy: true },
      });
    });
    this.names = alarms.map(({ alarmName }) => alarmName);
    this.arns = alarms.map(({ arn }) => arn);
  }
}
