import type { EcsPart, TaskSet } from "../ecs/part";
import type { LoadBalancerPart } from "../load-balancer/part";
import type { DeploymentGroupTemplate, TargetGroupTemplate } from "../template";
import type { AppSpec } from "./appspec";
import { forwardTo } from "./forward";
import { ecsError, type ErrorInformation, internalError, invalidService, loadBalancerError } from "./messages";
import type { TaskSetPair } from "./task-sets";

/** An effect that could not be performed, in CodeDeploy's words. */
export class EffectError extends Error {
  constructor(readonly information: ErrorInformation) {
    super(information.message);
    this.name = "EffectError";
  }
}

/** What GetDeployment tells of an error thrown while an effect was performed. */
export function informationOf(error: unknown): ErrorInformation {
  return error instanceof EffectError ? error.information : internalError(reasonOf(error));
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What a deployment does to ECS and the load balancer. Everything throws EffectError when it fails. */
export class World {
  constructor(
    private readonly ecs: EcsPart,
    private readonly loadBalancer: LoadBalancerPart,
    private readonly group: DeploymentGroupTemplate,
    private readonly targetGroups: readonly TargetGroupTemplate[],
  ) {}

  /** Blue is the PRIMARY task set; green gets the target group that blue does not use. */
  findTaskSets(): TaskSetPair {
    const blue = this.onEcs(() => this.ecs.taskSets()).find(({ status }) => status === "PRIMARY");
    if (!blue) throw new EffectError(invalidService("The ECS service has no PRIMARY task set to replace."));
    const groups = this.targetGroups.filter(({ name }) => this.group.targetGroupNames.includes(name));
    const own = groups.find(({ arn }) => arn === blue.targetGroupArn);
    const idle = groups.find(({ arn }) => arn !== blue.targetGroupArn);
    if (!own || !idle) {
      throw new EffectError(
        invalidService("The PRIMARY task set's target group is not one of the deployment group's two target groups."),
      );
    }
    for (const listener of this.group.productionListenerArns) {
      const forward = this.onLoadBalancer(() => this.loadBalancer.forward(listener));
      if (!forward.some(({ targetGroupArn }) => targetGroupArn === own.arn)) {
        throw new EffectError(loadBalancerError("Primary taskset target group must be behind listener"));
      }
    }
    return { blue: { id: blue.id, targetGroupArn: own.arn }, green: { targetGroupArn: idle.arn } };
  }

  /** Task sets that an earlier deployment left running beside the PRIMARY one. */
  leftovers(): readonly TaskSet[] {
    return this.onEcs(() => this.ecs.taskSets()).filter(({ status }) => status === "ACTIVE");
  }

  /** Creates the replacement task set; gives the pair with green's id. */
  createGreen(pair: TaskSetPair, appSpec: AppSpec, deploymentId: string): TaskSetPair {
    const { taskDefinitionArn, containerName, containerPort, settings } = appSpec;
    const { id } = this.onEcs(() =>
      this.ecs.createTaskSet({
        taskDefinitionArn,
        targetGroupArn: pair.green.targetGroupArn,
        containerName,
        containerPort,
        startedBy: "CODE_DEPLOY",
        externalId: deploymentId,
        settings,
      }),
    );
    return { ...pair, green: { ...pair.green, id } };
  }

  /** Whether green is in STEADY_STATE. */
  greenIsSteady({ green }: TaskSetPair): boolean {
    const { id } = green;
    if (id === undefined) return false;
    const taskSet = this.onEcs(() => this.ecs.taskSet(id));
    if (!taskSet) throw new EffectError(ecsError(`the replacement task set ${id} no longer exists`));
    return taskSet.stability === "STEADY_STATE";
  }

  /** Makes a task set PRIMARY unless it is. */
  setPrimary(id: string): void {
    this.onEcs(() => {
      if (this.ecs.taskSet(id)?.status !== "PRIMARY") this.ecs.setPrimary(id);
    });
  }

  /** Begins to delete task sets; one whose id is undefined or unknown is gone already. */
  deleteTaskSets(ids: readonly (string | undefined)[]): void {
    const there = ids.filter((id): id is string => id !== undefined && this.ecs.taskSet(id) !== undefined);
    this.onEcs(() => there.forEach((id) => this.ecs.deleteTaskSet(id)));
  }

  /** Resolves when all of these, which are being deleted, are gone. Rejects with EffectError. */
  async taskSetsGone(ids: readonly string[]): Promise<void> {
    try {
      await Promise.all(ids.map((id) => this.ecs.taskSetGone(id)));
    } catch (error) {
      throw new EffectError(ecsError(reasonOf(error)));
    }
  }

  /** `percent` of the production traffic to green, the rest to blue. */
  shiftProduction(pair: TaskSetPair, percent: number): void {
    this.setForward(this.group.productionListenerArns, pair, percent);
  }

  /** All test traffic to one of the two. */
  shiftTest(pair: TaskSetPair, to: "blue" | "green"): void {
    this.setForward(this.group.testListenerArns, pair, to === "green" ? 100 : 0);
  }

  private setForward(listeners: readonly string[], pair: TaskSetPair, percent: number): void {
    this.onLoadBalancer(() => {
      for (const listener of listeners) this.loadBalancer.setForward(listener, forwardTo(pair, percent));
    });
  }

  private onEcs<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new EffectError(ecsError(reasonOf(error)));
    }
  }

  private onLoadBalancer<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new EffectError(loadBalancerError(reasonOf(error)));
    }
  }
}
