import { messageOf } from "../../command/error-message";
import type { EcsPart, TaskSet } from "../ecs/part";
import { rulesTo } from "../load-balancer/forwards";
import type { LoadBalancerPart } from "../load-balancer/part";
import type { DeploymentGroupTemplate, TargetGroupTemplate } from "../template";
import type { AppSpec } from "./appspec";
import { forwardTo } from "./forward";
import { ecsError, type ErrorInformation, internalError, invalidService, loadBalancerError } from "./messages";
import type { TaskSetPair } from "./task-sets";

/** An effect could not be performed; it has the deployment's error information. */
export class EffectError extends Error {
  constructor(readonly information: ErrorInformation) {
    super(information.message);
    this.name = "EffectError";
  }
}

/** The error information that GetDeployment shows for an error thrown by an effect. */
export function errorInformationOf(error: unknown): ErrorInformation {
  return error instanceof EffectError ? error.information : internalError(messageOf(error));
}

/** The actions of a deployment on ECS and the load balancer. Each throws EffectError when it fails. */
export class DeploymentActions {
  constructor(
    private readonly ecs: EcsPart,
    private readonly loadBalancer: LoadBalancerPart,
    private readonly group: DeploymentGroupTemplate,
    private readonly targetGroups: readonly TargetGroupTemplate[],
  ) {}

  /** Finds the task sets: blue is the PRIMARY one; green gets the target group that blue does not use. */
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
      const rules = this.onLoadBalancer(() => this.loadBalancer.rules(listener));
      if (rulesTo(rules, [own.arn]).length === 0) {
        throw new EffectError(loadBalancerError("Primary taskset target group must be behind listener"));
      }
    }
    return { blue: { id: blue.id, targetGroupArn: own.arn }, green: { targetGroupArn: idle.arn } };
  }

  /** The ACTIVE task sets, which earlier deployments left beside the PRIMARY one. */
  extraTaskSets(): readonly TaskSet[] {
    return this.onEcs(() => this.ecs.taskSets()).filter(({ status }) => status === "ACTIVE");
  }

  /** Creates the replacement task set and gives the pair with green's id. */
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

  /** Makes a task set PRIMARY; does nothing when it is already. */
  setPrimary(id: string): void {
    this.onEcs(() => {
      if (this.ecs.taskSet(id)?.status !== "PRIMARY") this.ecs.setPrimary(id);
    });
  }

  /** Starts to delete task sets; ignores ids that are undefined or unknown. */
  deleteTaskSets(ids: readonly (string | undefined)[]): void {
    const existing = ids.filter((id): id is string => id !== undefined && this.ecs.taskSet(id) !== undefined);
    this.onEcs(() => existing.forEach((id) => this.ecs.deleteTaskSet(id)));
  }

  /** Resolves when task sets that are being deleted no longer exist; rejects with EffectError. */
  async taskSetsGone(ids: readonly string[]): Promise<void> {
    try {
      await Promise.all(ids.map((id) => this.ecs.taskSetGone(id)));
    } catch (error) {
      throw new EffectError(ecsError(messageOf(error)));
    }
  }

  /** Sends `percent` percent of the production traffic to green, the rest to blue. */
  shiftProduction(pair: TaskSetPair, percent: number): void {
    this.setForward(this.group.productionListenerArns, pair, percent);
  }

  /** Sends all test traffic to one of the two task sets. */
  shiftTest(pair: TaskSetPair, to: "blue" | "green"): void {
    this.setForward(this.group.testListenerArns, pair, to === "green" ? 100 : 0);
  }

  /**
   * Changes every rule of the listeners that forwards to one of the two target groups. Rules of other services on a
   * shared listener stay as they are. AWS documents which permissions CodeDeploy has (ModifyListener for default rules,
   * ModifyRule for others: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECS.html),
   * and its team writes of "the listener rules" that change (https://github.com/traveloka/terraform-aws-alb-single-listener/pull/47).
   */
  private setForward(listeners: readonly string[], { blue, green }: TaskSetPair, percent: number): void {
    const forward = forwardTo({ blue, green }, percent);
    this.onLoadBalancer(() => {
      for (const listener of listeners) {
        const rules = rulesTo(this.loadBalancer.rules(listener), [blue.targetGroupArn, green.targetGroupArn]);
        if (rules.length === 0) throw new Error(`No rule of the listener ${listener} forwards to the target groups.`);
        for (const { arn } of rules) this.loadBalancer.setForward(arn, forward);
      }
    });
  }

  private onEcs<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new EffectError(ecsError(messageOf(error)));
    }
  }

  private onLoadBalancer<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new EffectError(loadBalancerError(messageOf(error)));
    }
  }
}
