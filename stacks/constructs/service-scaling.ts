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
  /** ARN suffixes of both target groups. */
  readonly targetGroupArnSuffixes: readonly string[];
}

const DIMENSION = "ecs:service:DesiredCount";
const NAMESPACE = "ecs";
const LOAD_BALANCER = "AWS/ApplicationELB";

/**
 * Keeps CPU, and requests where that is asked for, at their targets by adding and taking away tasks.
 *
 * AWS's own metrics fail a service that CodeDeploy releases. ALBRequestCountPerTarget names one target group, which after
 * the swap of colours is the idle one. ECSServiceAverageCPUUtilization averages over both task sets while there are two,
 * and shows half the load. So both policies divide what the service does in all by the tasks of the larger set: both sets have
 * the service's count, and only those that are healthy count.
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
    // Not FILLed: a group without targets has no data, and MAX passes over it; the newest minute, not there yet, must not
    // count as none.
    const tasks = `MAX([${healthy.map(({ id: metricId }) => metricId).join(", ")}])`;
    const policy = (name: string, targetValue: number, work: Metric) =>
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
              work,
              ...healthy,
              { id: "per_task", label: `${name} per task`, expression: `${work.id} / ${tasks}`, returnData: true },
            ],
          },
        },
      });
    // Every task reports its percentage once a minute, so that their sum is what all tasks do.
    const service = { ClusterName: props.clusterName, ServiceName: props.serviceName };
    policy("cpu", settings.cpuPercent, metric("cpu", "AWS/ECS", "CPUUtilization", "Sum", service));
    if (settings.requestsPerMinute === undefined) return;
    const requests = metric("requests", LOAD_BALANCER, "RequestCount", "Sum", loadBalancer);
    policy("requests", settings.requestsPerMinute, requests);
  }
}

/** One metric that an expression is made of. */
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
