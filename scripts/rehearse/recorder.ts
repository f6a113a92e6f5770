import type { LocalCloud } from "../cloud/cloud";
import { percentTo, rulesTo } from "../cloud/load-balancer/forwards";
import { clockBoundaries } from "../cloud/metrics/periods";
import { ALB_NAMESPACE } from "../cloud/metrics/publication";
import type { TargetGroupTemplate } from "../cloud/template";
import { alarmFacts } from "./alarm-facts";
import type { RehearsalFacts, WeightChange } from "./report/facts";
import { responseTimeThresholdMs } from "./slow-machine";
import type { RequestRecord } from "./traffic/generator";

/** Facts that the caller knows, because they cannot be read from the cloud. */
export type RunFacts = Pick<
  RehearsalFacts,
  | "image"
  | "oldVersion"
  | "newVersion"
  | "fault"
  | "faultsBy"
  | "background"
  | "liveFault"
  | "speed"
  | "release"
  | "abortReasons"
  | "interrupted"
  | "leftOutAlarms"
  | "notPlayed"
  | "wallSeconds"
  | "writes"
>;

/** Records requests, traffic weights and alarms of a rehearsal. */
export class Recorder {
  private startedAt: number;
  private endedAt: number | undefined;
  private readonly requests: RequestRecord[] = [];
  private readonly weights: WeightChange[] = [];
  /** The target group without traffic at the start will get the new version: the two swap roles in every release. */
  private readonly newTargetGroup: TargetGroupTemplate;

  constructor(
    private readonly cloud: Pick<LocalCloud, "clock" | "template" | "parts" | "forwardChanges" | "settings">,
  ) {
    const { clock, parts, template } = cloud;
    this.startedAt = clock.now();
    const [listener] = template.deploymentGroup.productionListenerArns;
    if (listener === undefined) throw new Error("the deployment group has no production listener");
    const targetGroups = template.targetGroups.map(({ arn }) => arn);
    // On a listener that several services share, only the rules to this service's target groups count.
    const [rule] = rulesTo(parts.loadBalancer.rules(listener), targetGroups);
    const idle = template.targetGroups.find(({ arn }) => percentTo(rule?.forward ?? [], arn) === 0);
    if (!idle) throw new Error("no target group is free for the new version");
    this.newTargetGroup = idle;
    cloud.forwardChanges.subscribe(({ ruleArn, forward }) => {
      if (ruleArn !== rule?.arn) return;
      this.weights.push({ at: clock.now(), percent: percentTo(forward, idle.arn) });
    });
  }

  /** Sets second 0 of the report to now. */
  start(): void {
    this.startedAt = this.cloud.clock.now();
  }

  /** Sets the end of the rehearsal to now. Requests that are still in flight are recorded when their answers come. */
  end(): void {
    this.endedAt = this.cloud.clock.now();
  }

  /** Returns the requests that have been answered so far. */
  answered(): readonly RequestRecord[] {
    return [...this.requests];
  }

  /** Records a request. */
  request(record: RequestRecord): void {
    this.requests.push(record);
  }

  /** Returns the average response time so far, in simulated milliseconds; undefined without answers. */
  averageLatencyMs(): number | undefined {
    const { length } = this.requests;
    return length === 0 ? undefined : this.requests.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / length;
  }

  /** Returns everything that has been recorded so far. */
  facts(run: RunFacts): RehearsalFacts {
    const { clock, parts, template } = this.cloud;
    const deployment = parts.codeDeploy.deployments().find(({ creator }) => creator === "user");
    const config = deployment?.deploymentConfigName ?? template.deploymentGroup.deploymentConfigName;
    const endedAt = this.endedAt ?? clock.now();
    const { arnSuffix: newTargetGroup } = this.newTargetGroup;
    return {
      ...run,
      strategy: config.replace(/^CodeDeployDefault\./, ""),
      startedAt: this.startedAt,
      endedAt,
      requests: this.answered(),
      weights: this.weights,
      alarms: alarmFacts(template, parts.metrics, {
        newTargetGroup,
        from: this.startedAt,
        to: endedAt,
        settings: this.cloud.settings,
      }),
      transitions: parts.alarms.history(),
      responseTimeThresholdMs: responseTimeThresholdMs(template.alarms),
      newTargetGroup: {
        requests: this.newTargetGroupMetric("RequestCount", "Sum").reduce((sum, value) => sum + value, 0),
        unhealthy: Math.max(0, ...this.newTargetGroupMetric("UnHealthyHostCount", "Maximum")),
      },
      deployment,
    };
  }

  /** Returns the published values of a metric of the new version's target group, one per minute. */
  private newTargetGroupMetric(metricName: string, statistic: "Sum" | "Maximum"): readonly number[] {
    const { template, parts, clock } = this.cloud;
    const dimensions = { TargetGroup: this.newTargetGroup.arnSuffix, LoadBalancer: template.loadBalancer.arnSuffix };
    const query = { namespace: ALB_NAMESPACE, metricName, dimensions, period: 60, statistic };
    const minutes = clockBoundaries(this.startedAt, clock.now(), query.period);
    return parts.metrics.read(query, minutes).map(({ value }) => value);
  }
}
