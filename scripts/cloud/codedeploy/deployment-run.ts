import type { AlarmsPart } from "../alarms/part";
import { AwsError } from "../aws-error";
import type { Cancel, Clock } from "../clock";
import type { CloudSettings } from "../settings";
import { type AlarmConfiguration, checkAlarms } from "./alarm-watch";
import type { AppSpec } from "./appspec";
import { HookCall, type InvokeHook } from "./hook-call";
import { CREATED, startRollback, transition } from "./machine";
import type { DeploymentPlan, Effect, MachineEvent, MachineState, Transition } from "./machine-types";
import { internalError, rollbackTriggered } from "./messages";
import type { Deployment } from "./part";
import type { DeploymentRecord } from "./record";
import type { TaskSetPair } from "./task-sets";
import { EffectError, errorInformationOf, type DeploymentActions } from "./actions";

/** From CreateDeployment to InProgress, in simulated seconds. Recorded from AWS: 2 to 3. */
export const START_SECONDS = 3;

/** How often CodeDeploy polls whether green is steady, in simulated seconds. Not documented by AWS. */
export const STEADY_CHECK_SECONDS = 5;

/** Dependencies of a run. */
export interface RunDependencies {
  readonly clock: Clock;
  readonly settings: CloudSettings;
  readonly alarms: Pick<AlarmsPart, "state">;
  readonly actions: DeploymentActions;
  readonly newExecutionId: () => string;
  readonly invokeHook: InvokeHook;
  /** Starts the rollback of a run that has ended and gives the id of the rollback deployment. */
  readonly rollBack: (run: DeploymentRun) => string;
  /** Called after each change of the deployment. */
  readonly changed: (deployment: Deployment) => void;
}

/** The goal of a run: a release with its appspec and alarms, or the rollback of another run. */
export type RunGoal =
  | { readonly kind: "release"; readonly appSpec: AppSpec; readonly alarms: AlarmConfiguration }
  | { readonly kind: "rollback"; readonly of: DeploymentRun };

/** One deployment: it performs the effects of the state machine and dispatches events to it. It makes no decisions. */
export class DeploymentRun {
  private state: MachineState = CREATED;
  private readonly queue: MachineEvent[] = [];
  private busy = false;
  private closed = false;
  /** The timers of the current phase. */
  private waits: Cancel[] = [];
  private stopWatching?: Cancel;
  private allTrafficShiftedAt?: number;
  private hook?: HookCall;

  constructor(
    private readonly dependencies: RunDependencies,
    readonly record: DeploymentRecord,
    readonly plan: DeploymentPlan,
    private readonly goal: RunGoal,
  ) {}

  get id(): string {
    return this.record.facts.id;
  }

  /** Whether the deployment is over. */
  get ended(): boolean {
    return this.state.phase === "Succeeded" || this.state.phase === "Failed" || this.state.phase === "Stopped";
  }

  /** Starts the deployment: a release after START_SECONDS, a rollback at once. */
  start(): void {
    if (this.goal.kind === "rollback") {
      this.record.pair = this.goal.of.record.pair;
      this.busy = true;
      this.apply(startRollback(this.plan));
      this.drain();
      return;
    }
    this.wait(START_SECONDS * 1000, () => {
      this.checkAlarms();
      this.dispatch({ type: "timePassed" });
    });
    this.dependencies.changed(this.record.snapshot());
  }

  /** The effect that a stop request would have now; undefined when it is too late for one. */
  stoppable(rollback: boolean | undefined): { readonly rollsBack: boolean } | undefined {
    const to = transition(this.state, stopRequest(rollback), this.plan);
    return to && { rollsBack: to.effects.some(({ type }) => type === "rollBack") };
  }

  /** Stops the deployment, with or without a rollback; when undefined, the deployment group decides. */
  requestStop(rollback: boolean | undefined): void {
    this.dispatch(stopRequest(rollback));
  }

  /** Ends the wait for ContinueDeployment; false when the deployment is not in it. */
  endReadyWait(): boolean {
    if (this.state.phase !== "ReadyWait") return false;
    this.dispatch({ type: "continueRequested" });
    return true;
  }

  /** Ends the termination wait; false when the deployment is not in it. */
  endTerminationWait(): boolean {
    if (this.state.phase !== "TerminationWait") return false;
    this.dispatch({ type: "timePassed" });
    return true;
  }

  /** Takes the result of a hook. @throws AwsError when the execution is not of this deployment, or has ended */
  putHookStatus(executionId: string, status: "Succeeded" | "Failed"): void {
    if (this.hook?.executionId !== executionId) {
      throw new AwsError(
        "InvalidLifecycleEventHookExecutionIdException",
        `Deployment ${this.id} does not wait for the lifecycle event hook execution ${executionId}.`,
      );
    }
    this.hook.putStatus(status);
  }

  /** Ends all timers and leaves the deployment as it is, because the cloud stops. */
  close(): void {
    this.closed = true;
    this.cancelWaits();
    this.stopWatching?.();
  }

  // ---- events and transitions ----------------------------------------------------------------------------------

  private dispatch(event: MachineEvent): void {
    this.queue.push(event);
    if (!this.busy) this.drain();
  }

  private drain(): void {
    this.busy = true;
    try {
      for (let event = this.queue.shift(); event && !this.closed; event = this.queue.shift()) {
        const to = transition(this.state, event, this.plan);
        if (to) this.apply(to);
      }
    } finally {
      this.busy = false;
    }
  }

  private apply(to: Transition): void {
    this.cancelWaits();
    this.state = to.state;
    try {
      for (const effect of to.effects) this.perform(effect);
    } catch (error) {
      this.queue.unshift({ type: "effectFailed", error: errorInformationOf(error) });
    }
    if (this.ended) this.settle();
    this.dependencies.changed(this.record.snapshot());
  }

  /** Ends the alarm checks. Freezes the data of the task sets, after the rollback if there is one. */
  private settle(): void {
    this.stopWatching?.();
    if (this.record.rollbackInfo?.rollbackDeploymentId === undefined) this.record.freeze();
    if (this.goal.kind === "rollback") this.goal.of.record.freeze();
  }

  private perform(effect: Effect): void {
    const { clock, actions } = this.dependencies;
    this.record.touch(clock.now());
    switch (effect.type) {
      case "begin":
        return this.begin();
      case "lifecycleEvent":
        return this.record.mark(effect.name, effect.status, clock.now(), effect.diagnostics);
      case "skipPending":
        return this.record.skipPending(clock.now());
      case "wait": {
        const since = effect.since === "now" ? clock.now() : (this.allTrafficShiftedAt ?? clock.now());
        return this.wait(since + effect.ms - clock.now(), () => this.dispatch({ type: "timePassed" }));
      }
      case "invokeHook":
        return this.invokeHook(effect);
      case "createGreen":
        return this.createGreen();
      case "awaitSteady":
        return this.awaitSteady(effect.timeoutMs);
      case "testTraffic":
        return actions.shiftTest(this.pair, effect.to);
      case "productionTraffic":
        actions.shiftProduction(this.pair, effect.percent);
        if (effect.percent === 100) this.allTrafficShiftedAt = clock.now();
        return;
      case "setPrimary": {
        const { id } = this.pair[effect.to];
        if (id !== undefined) actions.setPrimary(id);
        return;
      }
      case "deleteTaskSet":
        actions.deleteTaskSets([this.pair[effect.colour].id]);
        return this.dispatch({ type: "taskSetDraining" });
      case "status":
        this.record.status = effect.status;
        return;
      case "finish":
        this.record.status = effect.status;
        this.record.completedAt = clock.now();
        if (effect.error) this.record.errorInformation = effect.error;
        return this.dependencies.changed(this.record.snapshot());
      case "rollBack": {
        const rollbackDeploymentId = this.dependencies.rollBack(this);
        this.record.rollbackInfo = {
          rollbackDeploymentId,
          rollbackMessage: rollbackTriggered(this.id, rollbackDeploymentId),
        };
        return;
      }
    }
  }

  // ---- effects -------------------------------------------------------------------------------------------------

  private get pair(): TaskSetPair {
    if (!this.record.pair) throw new EffectError(internalError("The deployment has not begun."));
    return this.record.pair;
  }

  private begin(): void {
    const { clock, settings, actions } = this.dependencies;
    this.record.status = "InProgress";
    this.record.startedAt = clock.now();
    if (this.goal.kind === "rollback") return;
    this.stopWatching = clock.every(settings.alarmPollSeconds * 1000, () => this.checkAlarms());
    this.record.pair = actions.findTaskSets();
  }

  /** Creates the replacement task set, after the deletion of task sets that earlier deployments left. */
  private createGreen(): void {
    if (this.goal.kind === "rollback") return;
    const { appSpec } = this.goal;
    const { actions } = this.dependencies;
    const create = () => {
      this.record.pair = actions.createGreen(this.pair, appSpec, this.id);
    };
    const extra = actions.extraTaskSets().map(({ id }) => id);
    if (extra.length === 0) return create();
    actions.shiftProduction(this.pair, 0);
    actions.deleteTaskSets(extra);
    this.after(actions.taskSetsGone(extra), () => {
      if (this.state.phase === "Install") this.attempt(create);
    });
  }

  private awaitSteady(timeoutMs: number): void {
    const { clock, settings, actions } = this.dependencies;
    // Timers are late by a little, each by another time. A check that comes early by less than half of the interval is the one
    // that is due; otherwise chance would decide whether the wait is one check longer.
    const noticeMs = (settings.steadyNoticeSeconds - STEADY_CHECK_SECONDS / 2) * 1000;
    let steadySince: number | undefined;
    const check = () =>
      this.attempt(() => {
        steadySince = actions.greenIsSteady(this.pair) ? (steadySince ?? clock.now()) : undefined;
        if (steadySince === undefined || clock.now() < steadySince + noticeMs) return;
        this.dispatch({ type: "taskSetSteady" });
      });
    this.waits.push(clock.every(STEADY_CHECK_SECONDS * 1000, check));
    this.wait(timeoutMs, () => this.dispatch({ type: "steadyTimeout" }));
  }

  private invokeHook({ name, functionArn }: Extract<Effect, { type: "invokeHook" }>): void {
    const { clock, invokeHook, newExecutionId } = this.dependencies;
    const executionId = newExecutionId();
    this.hook = new HookCall(executionId, name, clock, (event) => this.dispatch(event));
    const payload = { DeploymentId: this.id, LifecycleEventHookExecutionId: executionId };
    this.waits.push(this.hook.start(() => invokeHook(functionArn, payload)));
  }

  private checkAlarms(): void {
    if (this.goal.kind === "rollback") return;
    const { alarms, settings } = this.dependencies;
    const stateOf = (name: string) => {
      try {
        return alarms.state(name)?.value;
      } catch {
        return undefined; // The alarm can't be read.
      }
    };
    const event = checkAlarms(this.goal.alarms, stateOf, settings.insufficientDataStops);
    if (event) this.dispatch(event);
  }

  // ---- timers and errors ---------------------------------------------------------------------------------------

  private wait(ms: number, action: () => void): void {
    this.waits.push(this.dependencies.clock.after(Math.max(0, ms), action));
  }

  private cancelWaits(): void {
    for (const cancel of this.waits) cancel();
    this.waits = [];
  }

  /** Calls `done` after `work`; an error of `work` fails the deployment. */
  private after(work: Promise<void>, done: () => void): void {
    work.then(done, (error: unknown) => this.dispatch({ type: "effectFailed", error: errorInformationOf(error) }));
  }

  /** Runs an action outside a transition: an error fails the deployment, not the cloud. */
  private attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.dispatch({ type: "effectFailed", error: errorInformationOf(error) });
    }
  }
}

const stopRequest = (rollback: boolean | undefined): MachineEvent => ({
  type: "stopRequested",
  ...(rollback !== undefined && { rollback }),
});
