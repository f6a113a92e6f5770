import {
  AppautoscalingPolicy,
  type AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetrics as Metric,
} from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";
import type { Config } from "../config";

/** Settings of a service's autoscaling. */
export interface ServiceScalingProps {
  /** Prefix of the policies' names. */
  readonly name: string;
  readonly clusterName: string;
  readonly serviceName: string;
  /** Fewest tasks. */
  readonly minCount: number;
  readonly settings: Config["service"]["scaling"];
  readonly loadBalancerArnSuffix: string;
  /** Whether other services have target groups behind the load balancer, so that its requests are not only this one's. */
  readonly isShared: boolean;
  /** ARN suffixes of both target groups. */
  readonly targetGroupArnSuffixes: readonly string[];
}

const DIMENSION = "ecs:service:DesiredCount";
const NAMESPACE = "ecs";
const LOAD_BALANCER = "AWS/ApplicationELB";

/**
 * Adds and removes tasks to keep CPU, and optionally requests, at their targets.
 *
 * AWS's predefined metrics
 * (https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html) don't fit a service
 * with CodeDeploy. ALBRequestCountPerTarget names one target group, which is idle after every second release.
 * ECSServiceAverageCPUUtilization is the average of both task sets during a release, which shows half of the load. So the policies
 * here divide the work of the whole service by the healthy tasks of the larger task set.
 */
export class ServiceScaling extends Construct {
  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    const { settings } = props;
    const target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: NAMESPACE,
      scalableDimension: DIMENSION,
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      minCapacity: props.minCount,
      maxCapacity: settings.maxCount,
    });
    const loadBalancer = { LoadBalancer: props.loadBalancerArnSuffix };
    const healthy = props.targetGroupArnSuffixes.map((suffix, index) =>
      metric(`h${index + 1}`, LOAD_BALANCER, "HealthyHostCount", "Average", { ...loadBalancer, TargetGroup: suffix }),
    );
    // No FILL: a target group without targets has no data, and MAX ignores it. The newest minute may have no data yet, which
    // must not count as zero tasks.
    const tasks = `MAX([${healthy.map(({ id: metricId }) => metricId).join(", ")}])`;
    const policy = (name: string, targetValue: number, work: readonly Metric[], total = work[0]?.id ?? "") =>
      new AppautoscalingPolicy(this, name, {
        name: `${props.name}-${name}`,
        policyType: "TargetTrackingScaling",
        serviceNamespace: NAMESPACE,
        scalableDimension: DIMENSION,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          targetValue,
          scaleInCooldown: settings.scaleInCooldownSeconds,
          scaleOutCooldown: settings.scaleOutCooldownSeconds,
          customizedMetricSpecification: {
            metrics: [
              ...work,
              ...healthy,
              { id: "per_task", label: `${name} per task`, expression: `${total} / ${tasks}`, returnData: true },
            ],
          },
        },
      });
    // Every task reports its percentage once a minute, so the sum is the work of all tasks.
    const service = { ClusterName: props.clusterName, ServiceName: props.serviceName };
    policy("cpu", settings.cpuPercent, [metric("cpu", "AWS/ECS", "CPUUtilization", "Sum", service)]);
    if (settings.requestsPerMinute === undefined) return;
    const requests = (id: string, dimensions: Readonly<Record<string, string>>) =>
      metric(id, LOAD_BALANCER, "RequestCount", "Sum", dimensions);
    if (!props.isShared) {
      policy("requests", settings.requestsPerMinute, [requests("requests", loadBalancer)]);
      return;
    }
    const byGroup = props.targetGroupArnSuffixes.map((suffix, index) =>
      requests(`r${index + 1}`, { ...loadBalancer, TargetGroup: suffix }),
    );
    // Like MAX, SUM of several metrics ignores those without data: the idle target group has none.
    policy("requests", settings.requestsPerMinute, byGroup, `SUM([${byGroup.map(({ id: name }) => name).join(", ")}])`);
  }
}

/** One metric of an expression. */
function metric(
  id: string,
  namespace: string,
  metricName: string,
  stat: string,
  dimensions: Readonly<Record<string, string>>,
): Metric {
  return {
    id,
    returnData: false,
    metricStat: {
      stat,
      metric: {
        namespace,
        metricName,
        dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
      },
    },
  };
}
