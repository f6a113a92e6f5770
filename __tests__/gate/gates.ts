import type { AlarmTemplate } from "../../scripts/cloud/template";
import type { Gate, GateTemplate } from "../../scripts/gate/gates";
import { type GateLimit, limitExpressions } from "../../stacks/gate/limit";
import { PRESET_LIMITS } from "../../stacks/gate/presets";

export const LOAD_BALANCER = "app/lb/1";
export const SUFFIXES = ["targetgroup/blue/1", "targetgroup/green/2"] as const;

/** An alarm of the test's stacks. */
export function alarm(name: string, changes: Partial<AlarmTemplate>): AlarmTemplate {
  return {
    name,
    arn: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    treatMissingData: "notBreaching",
    ...changes,
  };
}

/** An alarm on one metric of a target group. */
export function metricAlarm(group: 0 | 1, metricName: string, statistic: string, threshold: number): AlarmTemplate {
  const dimensions = { TargetGroup: SUFFIXES[group], LoadBalancer: LOAD_BALANCER };
  return alarm(`${metricName}-${group}`, {
    threshold,
    metric: { namespace: "AWS/ApplicationELB", metricName, dimensions, period: 60, statistic },
  });
}

/** Stacks with these alarms: a canary of 10 % for five minutes, two tasks, and five minutes until the old version is gone. */
export function gate(name: string, alarms: readonly AlarmTemplate[], changes: Partial<GateTemplate> = {}): Gate {
  const healthCheck = {
    path: "/health",
    interval: 30,
    timeout: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
    matcher: "200",
  };
  const targetGroups = (["blue", "green"] as const).map((colour, index) => ({
    name: colour,
    arn: `arn:aws:elasticloadbalancing:eu-central-1:123456789012:${SUFFIXES[index] ?? ""}`,
    arnSuffix: SUFFIXES[index] ?? "",
    port: 80,
    deregistrationDelay: 30,
    healthCheck,
  }));
  return {
    name,
    template: {
      alarms,
      loadBalancer: { arnSuffix: LOAD_BALANCER },
      targetGroups,
      deploymentGroup: {
        name: "group",
        arn: "arn:group",
        deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
        serviceRoleArn: "arn:role",
        clusterName: "cluster",
        serviceName: "service",
        alarms: { enabled: true, names: alarms.map((one) => one.name), ignorePollAlarmFailure: false },
        autoRollback: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
        triggers: [],
        terminationWaitMinutes: 5,
        targetGroupNames: ["blue", "green"],
        productionListenerArns: [],
        testListenerArns: [],
      },
      deploymentConfigs: [],
      service: { desiredCount: 2 },
      ...changes,
    },
  };
}

const BOTH = [0, 1] as const;

/** The alarms of the source article. */
export function article(): Gate {
  return gate(
    "article",
    BOTH.flatMap((group) => [
      metricAlarm(group, "UnHealthyHostCount", "Maximum", 0),
      metricAlarm(group, "HTTPCode_Target_5XX_Count", "Sum", 2),
      metricAlarm(group, "TargetResponseTime", "Average", 1.5),
      metricAlarm(group, "TargetConnectionErrorCount", "Sum", 0),
    ]),
  );
}

/** The numbers of the preset `balanced`. */
export const BALANCED: GateLimit = {
  normalShare: 0.001,
  ...PRESET_LIMITS.balanced,
  compare: { sigmas: 2, maxShare: 0.1, requestRatio: 9 },
  windowSeconds: 300,
};

/** A gate with a limit on failed and on slow requests. */
export function limited(name: string, limit: GateLimit = BALANCED): Gate {
  return gate(
    name,
    BOTH.flatMap((group) => [
      metricAlarm(group, "UnHealthyHostCount", "Maximum", 0),
      ...([{ kind: "failedRequests" }, { kind: "slowRequests", slowSeconds: 1.5 }] as const).map((bad) =>
        alarm(`${bad.kind}-${group}`, {
          metrics: limitExpressions(limit, {
            bad,
            targetGroup: SUFFIXES[group],
            otherTargetGroup: SUFFIXES[group === 0 ? 1 : 0],
            loadBalancer: LOAD_BALANCER,
          }),
        }),
      ),
    ]),
  );
}
