import type { EcsPart } from "../ecs/part";
import { percentTo } from "../load-balancer/forwards";
import type { LoadBalancerPart } from "../load-balancer/part";
import type { WeightedTargetGroup } from "../template";
import type { DeploymentTaskSet } from "./part";

/** The task sets of a deployment and their target groups. Known piece by piece: green only once it was created. */
export interface TaskSetPair {
  readonly blue: { readonly id: string; readonly targetGroupArn: string };
  readonly green: { readonly id?: string; readonly targetGroupArn: string };
}

/** What DeploymentTargets show of the task sets: live while the deployment runs, the last state afterwards. */
export class TaskSetView {
  private readonly last = new Map<string, DeploymentTaskSet>();
  private frozen = false;

  constructor(
    private readonly ecs: Pick<EcsPart, "taskSet">,
    private readonly loadBalancer: Pick<LoadBalancerPart, "forward">,
    private readonly productionListenerArn: string | undefined,
    /** Name of a target group by ARN. */
    private readonly targetGroupName: (arn: string) => string,
  ) {}

  /** The task sets now, blue first. A task set that is gone stays, DRAINING and empty. */
  show({ blue, green }: TaskSetPair): readonly DeploymentTaskSet[] {
    if (!this.frozen) {
      const forward = this.productionListenerArn ? this.loadBalancer.forward(this.productionListenerArn) : [];
      this.look(blue.id, "Blue", forward);
      if (green.id !== undefined) this.look(green.id, "Green", forward);
    }
    return [...this.last.values()];
  }

  /** From here on the view no longer changes: later deployments move the same task sets and target groups. */
  freeze(pair: TaskSetPair): void {
    this.show(pair);
    this.frozen = true;
  }

  private look(id: string, label: DeploymentTaskSet["label"], forward: readonly WeightedTargetGroup[]): void {
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
