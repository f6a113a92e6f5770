import type { EcsPart } from "../ecs/part";
import { percentTo, rulesTo } from "../load-balancer/forwards";
import type { LoadBalancerPart } from "../load-balancer/part";
import type { WeightedTargetGroup } from "../template";
import type { DeploymentTaskSet } from "./part";

/** The task sets of a deployment and their target groups. Green has an id only after its creation. */
export interface TaskSetPair {
  readonly blue: { readonly id: string; readonly targetGroupArn: string };
  readonly green: { readonly id?: string; readonly targetGroupArn: string };
}

/** The task sets as a DeploymentTarget shows them: live data while the deployment runs, then the last data. */
export class TaskSetView {
  private readonly last = new Map<string, DeploymentTaskSet>();
  private frozen = false;

  constructor(
    private readonly ecs: Pick<EcsPart, "taskSet">,
    private readonly loadBalancer: Pick<LoadBalancerPart, "rules">,
    private readonly productionListenerArn: string | undefined,
    /** Gives the name of a target group by ARN. */
    private readonly targetGroupName: (arn: string) => string,
  ) {}

  /** The current task sets, blue first. A deleted task set stays in the list, DRAINING and without tasks. */
  show({ blue, green }: TaskSetPair): readonly DeploymentTaskSet[] {
    if (!this.frozen) {
      const rules = this.productionListenerArn ? this.loadBalancer.rules(this.productionListenerArn) : [];
      const forward = rulesTo(rules, [blue.targetGroupArn, green.targetGroupArn])[0]?.forward ?? [];
      this.update(blue.id, "Blue", forward);
      if (green.id !== undefined) this.update(green.id, "Green", forward);
    }
    return [...this.last.values()];
  }

  /** Keeps the current data, because later deployments change the same task sets and target groups. */
  freeze(pair: TaskSetPair): void {
    this.show(pair);
    this.frozen = true;
  }

  private update(id: string, label: DeploymentTaskSet["label"], forward: readonly WeightedTargetGroup[]): void {
    const taskSet = this.ecs.taskSet(id);
    const last = this.last.get(id);
    if (taskSet) {
      this.last.set(id, {
        id,
        label,
        status: taskSet.status,
        desiredCount: taskSet.desiredCount,
        pendingCount: taskSet.pendingCount,
        runningCount: taskSet.runningCount,
        trafficWeight: percentTo(forward, taskSet.targetGroupArn),
        targetGroupName: this.targetGroupName(taskSet.targetGroupArn),
      });
    } else if (last) {
      this.last.set(id, {
        ...last,
        status: "DRAINING",
        desiredCount: 0,
        pendingCount: 0,
        runningCount: 0,
        trafficWeight: 0,
      });
    }
  }
}
