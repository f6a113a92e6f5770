import type { AlarmsPart } from "../alarms/part";
import { AwsError } from "../aws-error";
import type { Clock } from "../clock";
import type { EcsPart } from "../ecs/part";
import type { LoadBalancerPart } from "../load-balancer/part";
import type { CloudSettings } from "../settings";
import { type Observable, Subject } from "../subject";
import type { DeploymentGroupTemplate, Template, TrafficRouting } from "../template";
import { appSpecOf, readAppSpec } from "./appspec";
import type { InvokeHook } from "./hook-call";
import { idMaker } from "./ids";
import type { DeploymentPlan } from "./machine-types";
import { deploymentLimit, rollbackOf, stopMessages } from "./messages";
import { alarmsOf, rollbackOnOf } from "./overrides";
import { type CodeDeployPart, type CreateDeploymentInput, type Deployment, sha256Of } from "./part";
import { type DeploymentFacts, DeploymentRecord } from "./record";
import { ALL_AT_ONCE, routingOf, stepsOf } from "./routing";
import { DeploymentRun, type RunGoal, type RunDependencies } from "./deployment-run";
import { TaskSetView } from "./task-sets";
import { DeploymentActions } from "./actions";

/** Template, settings and dependencies of CodeDeploy. */
export interface CodeDeployOptions {
  readonly template: Template;
  readonly clock: Clock;
  readonly settings: CloudSettings;
  readonly ecs: EcsPart;
  readonly loadBalancer: LoadBalancerPart;
  readonly alarms: AlarmsPart;
  /** Random numbers for ids, in [0, 1); default: Math.random. */
  readonly random?: () => number;
  /** Invokes the Lambda function of a hook. */
  readonly invokeHook: InvokeHook;
}

/** CodeDeploy for the one application and deployment group of the template. */
export class CodeDeploy implements CodeDeployPart {
  /** Oldest first. */
  private readonly runs: DeploymentRun[] = [];
  private readonly changeSubject = new Subject<Deployment>();
  private readonly newId: (length: number) => string;
  private running = false;
  private currentGroup: DeploymentGroupTemplate;
  /** A deployment after each of its changes; rollbacks are deployments too. */
  readonly changes: Observable<Deployment> = this.changeSubject;

  constructor(private readonly options: CodeDeployOptions) {
    this.newId = idMaker(options.random ?? Math.random);
    this.currentGroup = options.template.deploymentGroup;
  }

  /** Accepts deployments from now on. */
  start(): void {
    this.running = true;
  }

  /** Ends all timers; running deployments stay as they are. */
  close(): void {
    this.running = false;
    for (const run of this.runs) run.close();
  }

  group(): DeploymentGroupTemplate {
    return this.currentGroup;
  }

  updateGroup(group: DeploymentGroupTemplate): void {
    this.currentGroup = group;
  }

  create(input: CreateDeploymentInput): Deployment {
    const { template, ecs, settings } = this.options;
    const group = this.currentGroup;
    if (!this.running) throw new AwsError("ServiceUnavailable", "CodeDeploy is not running.", 503);
    const appSpec = readAppSpec(
      input.appSpec,
      (reference) => ecs.taskDefinition(reference),
      template.service,
      settings,
    );
    const deploymentConfigName = input.deploymentConfigName ?? group.deploymentConfigName;
    const routing = this.routing(deploymentConfigName);
    const alarms = alarmsOf(group, input.alarms, settings.alarmsPerGroup);
    const rollbackOn = rollbackOnOf(group, input.autoRollback);
    const active = this.runs.findLast((run) => !run.ended);
    if (active) {
      throw new AwsError("DeploymentLimitExceededException", deploymentLimit(group.name, active.id));
    }
    const run = this.add(
      {
        group,
        creator: "user",
        deploymentConfigName,
        routing,
        appSpec: input.appSpec,
        ...(input.description !== undefined && { description: input.description }),
      },
      { rollbackOn, hooks: appSpec.hooks },
      { kind: "release", appSpec, alarms },
    );
    run.start();
    return run.record.snapshot();
  }

  deployment(id: string): Deployment | undefined {
    return this.runs.find((run) => run.id === id)?.record.snapshot();
  }

  deployments(): readonly Deployment[] {
    return this.runs.map((run) => run.record.snapshot()).reverse();
  }

  stop(
    id: string,
    autoRollback: boolean | undefined,
  ): { readonly status: "Pending" | "Succeeded"; readonly message: string } {
    const run = this.find(id);
    const effect = run.stoppable(autoRollback);
    if (!effect) {
      throw new AwsError(
        "DeploymentAlreadyCompletedException",
        run.ended
          ? `Deployment ${id} is already complete.`
          : `Deployment ${id} is already terminating a task set: it can no longer be stopped or rolled back.`,
      );
    }
    run.requestStop(autoRollback);
    const status = effect.rollsBack ? "Pending" : "Succeeded";
    return { status, message: stopMessages[status] };
  }

  continue(id: string, wait: "READY_WAIT" | "TERMINATION_WAIT"): void {
    const run = this.find(id);
    if (run.ended) {
      throw new AwsError("DeploymentAlreadyCompletedException", `Deployment ${id} is already complete.`);
    }
    if (wait === "READY_WAIT" ? run.endReadyWait() : run.endTerminationWait()) return;
    throw new AwsError("DeploymentIsNotInReadyStateException", `Deployment ${id} is not in the wait ${wait}.`);
  }

  putHookStatus({
    deploymentId,
    executionId,
    status,
  }: {
    readonly deploymentId: string;
    readonly executionId: string;
    readonly status: "Succeeded" | "Failed";
  }): void {
    this.find(deploymentId).putHookStatus(executionId, status);
  }

  private find(id: string): DeploymentRun {
    const run = this.runs.find((candidate) => candidate.id === id);
    if (!run) throw new AwsError("DeploymentDoesNotExistException", `The deployment ${id} could not be found`);
    return run;
  }

  private routing(name: string): TrafficRouting {
    const routing = routingOf(name, this.options.template.deploymentConfigs);
    if (!routing) {
      throw new AwsError(
        "DeploymentConfigDoesNotExistException",
        `No deployment configuration found for name: ${name}`,
      );
    }
    return routing;
  }

  /** Creates a deployment, which is listed from now on. */
  private add(
    facts: Omit<DeploymentFacts, "id" | "createdAt" | "appSpec"> & Pick<CreateDeploymentInput, "appSpec">,
    decisions: Pick<DeploymentPlan, "rollbackOn" | "hooks">,
    goal: RunGoal,
  ): DeploymentRun {
    const { template, clock, settings, ecs, loadBalancer, alarms, invokeHook } = this.options;
    const { targetGroups } = template;
    const { group } = facts;
    const testListener = group.testListenerArns.length > 0;
    const { content } = facts.appSpec;
    const record = new DeploymentRecord(
      { ...facts, id: `d-${this.newId(9)}`, createdAt: clock.now(), appSpec: { content, sha256: sha256Of(content) } },
      testListener,
      `${template.cluster.name}:${template.service.name}`,
      new TaskSetView(
        ecs,
        loadBalancer,
        group.productionListenerArns[0],
        (arn) => targetGroups.find((targetGroup) => targetGroup.arn === arn)?.name ?? arn,
      ),
    );
    const plan: DeploymentPlan = {
      ...decisions,
      testListener,
      steps: stepsOf(facts.routing),
      stopMovesTrafficBack: settings.trafficAfterStop === "blue",
      eventMs: settings.lifecycleEventSeconds * 1000,
      steadyTimeoutMs: settings.steadyTimeoutSeconds * 1000,
      ...(group.readyWaitMinutes !== undefined && { readyWaitMs: group.readyWaitMinutes * 60_000 }),
      readyTimeoutRollsBack: settings.readyTimeoutRollsBack,
      terminationWaitMs: group.terminationWaitMinutes * 60_000,
    };
    const dependencies: RunDependencies = {
      clock,
      settings,
      alarms,
      actions: new DeploymentActions(ecs, loadBalancer, group, targetGroups),
      newExecutionId: () => this.newId(32),
      invokeHook,
      rollBack: (failed) => this.rollBack(failed),
      changed: (deployment) => this.changeSubject.notify(deployment),
    };
    const run = new DeploymentRun(dependencies, record, plan, goal);
    this.runs.push(run);
    return run;
  }

  /** Starts the rollback of a failed or stopped deployment: all at once, to the task set that was replaced. */
  private rollBack(failed: DeploymentRun): string {
    const run = this.add(
      {
        group: failed.record.facts.group,
        creator: "codeDeployRollback",
        deploymentConfigName: ALL_AT_ONCE,
        routing: { type: "AllAtOnce" },
        appSpec: { content: this.previousRevision(failed) },
      },
      { rollbackOn: { alarm: false, failure: false, request: false }, hooks: {} },
      { kind: "rollback", of: failed },
    );
    run.record.rollbackInfo = {
      rollbackTriggeringDeploymentId: failed.id,
      rollbackMessage: rollbackOf(failed.id, run.id),
    };
    run.start();
    return run.id;
  }

  /** The revision of a rollback: that of the deployment which created blue, or else one that describes blue. */
  private previousRevision(failed: DeploymentRun): string {
    const blueId = failed.record.pair?.blue.id;
    const creator = this.runs.find(({ record }) => blueId !== undefined && record.pair?.green.id === blueId);
    if (creator) return creator.record.facts.appSpec.content;
    const blue = blueId === undefined ? undefined : this.options.ecs.taskSet(blueId);
    return blue ? appSpecOf(blue) : failed.record.facts.appSpec.content;
  }
}
