import type { LocalCloud } from "../cloud/cloud";
import { percentTo } from "../cloud/load-balancer/forwards";
import { clockBoundaries } from "../cloud/metrics/periods";
import { ALB_NAMESPACE } from "../cloud/metrics/publication";
import type { TargetGroupTemplate } from "../cloud/template";
import { alarmFacts } from "./alarm-facts";
import type { RehearsalFacts, WeightChange } from "./report/facts";
import { responseTimeThresholdMs } from "./slow-machine";
import type { RequestRecord } from "./traffic/traffic";

/** Facts that only the one who runs the rehearsal knows. */
export type RunFacts = Pick<
  RehearsalFacts,
  | "image"
  | "oldVersion"
  | "newVersion"
  | "fault"
  | "speed"
  | "release"
  | "abortReasons"
  | "interrupted"
  | "wallSeconds"
  | "writes"
>;

/** Records a rehearsal from its first request on. */
export class Recorder {
  private startedAt: number;
  private endedAt: number | undefined;
  private readonly requests: RequestRecord[] = [];
  private readonly weights: WeightChange[] = [];
  /** Whichever does not serve at first will be the new version's: the colours swap with every release. */
  private readonly newTargetGroup: TargetGroupTemplate;

  constructor(
    private readonly cloud: Pick<LocalCloud, "clock" | "template" | "parts" | "forwardChanges" | "settings">,
  ) {
    const { clock, parts, template } = cloud;
    this.startedAt = clock.now();
    const [listener] = template.deploymentGroup.productionListenerArns;
    if (listener === undefined) throw new Error("the deployment group has no production listener");
    const idle = template.targetGroups.find(({ arn }) => percentTo(parts.loadBalancer.forward(listener), arn) === 0);
    if (!idle) throw new Error("no target group is free for the new version");
    this.newTargetGroup = idle;
    cloud.forwardChanges.subscribe(({ listenerArn, forward }) => {
      if (listenerArn !== listener) return;
      this.weights.push({ at: clock.now(), percent: percentTo(forward, idle.arn) });
    });
  }

  /** From here on is second 0. */
  start(): void {
    this.startedAt = this.cloud.clock.now();
  }

  /** The rehearsal ends here: the traffic stops. What is still under way is recorded when it is answered. */
  end(): void {
    this.endedAt = this.cloud.clock.now();
  }

  /** The requests that were answered so far. */
  answered(): readonly RequestRecord[] {
    return [...this.requests];
  }

  /** Remembers a request. */
  request(record: RequestRecord): void {
    this.requests.push(record);
  }

  /** Average simulated milliseconds of the answers so far; undefined without any. */
  averageLatencyMs(): number | undefined {
    const { length } = this.requests;
    return length === 0 ? undefined : this.requests.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / length;
  }

  /** Everything recorded until now. */
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
        requests: this.ofNewTargetGroup("RequestCount", "Sum").reduce((sum, value) => sum + value, 0),
        unhealthy: Math.max(0, ...this.ofNewTargetGroup("UnHealthyHostCount", "Maximum")),
      },
      deployment,
    };
  }

  /** Every minute of one of its metrics that is published by now. */
  private ofNewTargetGroup(metricName: string, statistic: "Sum" | "Maximum"): readonly number[] {
    const { template, parts, clock } = this.cloud;
    const dimensions = { TargetGroup: this.newTargetGroup.arnSuffix, LoadBalancer: template.loadBalancer.arnSuffix };
    const query = { namespace: ALB_NAMESPACE, metricName, dimensions, period: 60, statistic };
    const minutes = clockBoundaries(this.startedAt, clock.now(), query.period);
    return parts.metrics.read(query, minutes).map(({ value }) => value);
  }
}
