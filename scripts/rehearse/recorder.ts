import type { Cloud } from "../cloud/cloud";
import { percentTo } from "../cloud/forwards";
import { responseTimeThresholdMs } from "./baseline";
import type { RehearsalFacts, WeightChange } from "./report/facts";
import type { RequestRecord } from "./traffic/traffic";

/** Facts that only the one who runs the rehearsal knows. */
export type RunFacts = Pick<
  RehearsalFacts,
  "image" | "newVersion" | "fault" | "speed" | "exitCode" | "wallSeconds" | "writes"
>;

/** Records a rehearsal from its first request on. */
export class Recorder {
  private startedAt: number;
  private endedAt: number | undefined;
  private readonly requests: RequestRecord[] = [];
  private readonly weights: WeightChange[] = [];

  constructor(private readonly cloud: Pick<Cloud, "clock" | "template" | "parts" | "onForward">) {
    const { clock, parts, template } = cloud;
    this.startedAt = clock.now();
    const [listener] = template.deploymentGroup.productionListenerArns;
    if (listener === undefined) throw new Error("the deployment group has no production listener");
    // Whichever target group does not serve now will be the new version's: the colours swap with every release.
    const idle = template.targetGroups.find(({ arn }) => percentTo(parts.loadBalancer.forward(listener), arn) === 0);
    cloud.onForward(({ listenerArn, forward }) => {
      if (listenerArn !== listener || !idle) return;
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
    return {
      ...run,
      strategy: config.replace(/^CodeDeployDefault\./, ""),
      startedAt: this.startedAt,
      endedAt: this.endedAt ?? clock.now(),
      requests: this.requests,
      weights: this.weights,
      alarmNames: parts.alarms.all().map(({ template: { name } }) => name),
      transitions: parts.alarms.history(),
      responseTimeThresholdMs: responseTimeThresholdMs(template.alarms),
      deployment,
    };
  }
}
