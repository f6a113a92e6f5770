import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Config } from "../config";
import { ALARM_KINDS, type AlarmKind } from "../config/alarms-schema";
import { WATCHED } from "./alarm-kinds";

/** Settings of the alarms of one target group. */
export interface GateAlarmsProps {
  /** Gives the name of the alarm of a kind. */
  readonly nameOf: (kind: AlarmKind) => string;
  readonly targetGroup: { readonly name: string; readonly arnSuffix: string };
  readonly loadBalancerArnSuffix: string;
  readonly settings: Config["alarms"];
  /** ARNs that are notified when an alarm fires and when it returns to OK. */
  readonly notifyArns: readonly string[];
}

/** The alarms that stop a release, for one target group. Both target groups need them: either may serve the new version. */
export class GateAlarms extends Construct {
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
        // A load balancer does not publish zeros, so missing data means that nothing was wrong.
        treatMissingData: "notBreaching",
        ...(props.notifyArns.length > 0 && { alarmActions: [...props.notifyArns], okActions: [...props.notifyArns] }),
        // The deployment group must refer to the new alarm before the old one is deleted.
        lifecycle: { createBeforeDestroy: true },
      });
    });
    this.names = alarms.map(({ alarmName }) => alarmName);
    this.arns = alarms.map(({ arn }) => arn);
  }
}
