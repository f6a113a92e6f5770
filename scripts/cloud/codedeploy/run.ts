import type { AlarmsPart } from "../alarms/part";
import { AwsError } from "../aws-error";
import type { Cancel, Clock } from "../clock";
import type { CloudSettings } from "../settings";
import { type AlarmConfiguration, lookAtAlarms } from "./alarm-watch";
import type { AppSpec } from "./appspec";
import { HookCall, type InvokeHook } from "./hook-call";
import { CREATED, startRollback, transition } from "./machine";
import type { DeploymentPlan, Effect, MachineEvent, MachineState, Transition } from "./machine-types";
import { internalError, rollbackTriggered } from "./messages";
import type { Deployment } from "./part";
import type { DeploymentRecord } from "./record";
import type { TaskSetPair } from "./task-sets";
import { EffectError, informationOf, type World } from "./world";

/** From CreateDeployment to InProgress. Recorded runs show Created for 2 to 3 seconds. */
const START_SECONDS = 3;

/** How often CodeDeploy asks ECS whether the replacement task set is steady. Not documented. */
const STEADY_CHECK_SECONDS = 5;

/** What a run works on and with. */
export interface RunParts {
  readonly clock: Clock;
  readonly settings: CloudSettings;
  readonly alarms: Pick<AlarmsPart, "state">;
  readonly world: World;
  readonly newExecutionId: () => string;
  readonly invokeHook: InvokeHook;
  /** Starts the rollback deployment of a run that ended; gives its id. */
  readonly rollBack: (run: Run) => string;
  /** Called after every change. */
  readonly changed: (deployment: Deployment) => void;
}

/** What a run deploys: a release with its appspec and alarms, or the way back of another run. */
export type RunGoal =
  | { readonly kind: "release"; readonly appSpec: AppSpec; readonly alarms: AlarmConfiguration }
  | { readonly kind: "rollback"; readonly of: Run };

/** One deployment under way: performs the machine's effects and feeds it the events. It decides nothing itself. */
export class Run {
  private state: MachineState = CREATED;
  private readonly queue: MachineEvent[] = [];
  private busy = false;
  private closed = false;
  /** Waits of the current phase. */
  private waits: Cancel[] = [];
  private stopWatching?: Cancel;
  private allTrafficShiftedAt?: number;
  private hook?: HookCall;

  constructor(
    private readonly parts: RunParts,
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

  /** Sets it going: a release a little later, a rollback at once. */
  start(): void {
    if (this.goal.kind === "rollback") {
      this.record.pair = this.goal.of.record.pair;
      this.busy = true;
      this.take(startRollback(this.plan));
      this.drain();
      return;
    }
    this.wait(START_SECONDS * 1000, () => {
      this.lookAtAlarms();
      this.dispatch({ type: "timePassed" });
    });
    this.parts.changed(this.record.snapshot());
  }

  /** What a stop request would do now; undefined when it comes too late. */
  stoppable(rollback: boolean | undefined): { readonly rollsBack: boolean } | undefined {
    const to = transition(this.state, stopRequest(rollback), this.plan);
    return to && { rollsBack: to.effects.some(({ type }) => type === "rollBack") };
  }

  /** Stops the deployment, with a rollback or without; undefined: as the deployment group says. */
  requestStop(rollback: boolean | undefined): void {
    this.dispatch(stopRequest(rollback));
  }

  /** Ends the wait for a word to reroute traffic; false when the deployment is not in it. */
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

  /** @throws AwsError when the execution is not this deployment's, or already over */
  answerHook(executionId: string, status: "Succeeded" | "Failed"): void {
    if (this.hook?.executionId !== executionId) {
      throw new AwsError(
        "InvalidLifecycleEventHookExecutionIdException",
        `Deployment ${this.id} waits for no lifecycle event hook execution ${executionId}.`,
      );
    }
    this.hook.answer(status);
  }

  /** Ends all waiting without changing the deployment: the cloud stops. */
  close(): void {
    this.closed = true;
    this.cancelWaits();
    this.stopWatching?.();
  }

  // ---- events in, effects out ----------------------------------------------------------------------------------

  private dispatch(event: MachineEvent): void {
    this.queue.push(event);
    if (!this.busy) this.drain();
  }

  private drain(): void {
    this.busy = true;
    try {
      for (let event = this.queue.shift(); event && !this.closed; event = this.queue.shift()) {
        const to = transition(this.state, event, this.plan);
        if (to) this.take(to);
      }
    } finally {
      this.busy = false;
    }
  }

  private take(to: Transition): void {
    this.cancelWaits();
    this.state = to.state;
    try {
      for (const effect of to.effects) this.perform(effect);
    } catch (error) {
      this.queue.unshift({ type: "effectFailed", error: informationOf(error) });
    }
    if (this.ended) this.settle();
    this.parts.changed(this.record.snapshot());
  }

  /** The deployment is over: what it shows of the task sets stays, once no rollback changes them any more. */
  private settle(): void {
    this.stopWatching?.();
    if (this.record.rollbackInfo?.rollbackDeploymentId === undefined) this.record.freeze();
    if (this.goal.kind === "rollback") this.goal.of.record.freeze();
  }

  private perform(effect: Effect): void {
    const { clock, world } = this.parts;
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
        return world.shiftTest(this.pair, effect.to);
      case "productionTraffic":
        world.shiftProduction(this.pair, effect.percent);
        if (effect.percent === 100) this.allTrafficShiftedAt = clock.now();
        return;
      case "setPrimary": {
        const { id } = this.pair[effect.to];
        if (id !== undefined) world.setPrimary(id);
        return;
      }
      case "deleteTaskSet":
        world.deleteTaskSets([this.pair[effect.colour].id]);
        return this.dispatch({ type: "taskSetDraining" });
      case "status":
        this.record.status = effect.status;
        return;
      case "finish":
        this.record.status = effect.status;
        this.record.completedAt = clock.now();
        if (effect.error) this.record.errorInformation = effect.error;
        return this.parts.changed(this.record.snapshot());
      case "rollBack": {
        const rollbackDeploymentId = this.parts.rollBack(this);
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
    const { clock, settings, world } = this.parts;
    this.record.status = "InProgress";
    this.record.startedAt = clock.now();
    if (this.goal.kind === "rollback") return;
    this.stopWatching = clock.every(settings.alarmPollSeconds * 1000, () => this.lookAtAlarms());
    this.record.pair = world.findTaskSets();
  }

  /** Makes the replacement task set; what an earlier deployment left beside the PRIMARY one goes first. */
  private createGreen(): void {
    if (this.goal.kind === "rollback") return;
    const { appSpec } = this.goal;
    const { world } = this.parts;
    const create = () => {
      this.record.pair = world.createGreen(this.pair, appSpec, this.id);
    };
    const left = world.leftovers().map(({ id }) => id);
    if (left.length === 0) return create();
    world.shiftProduction(this.pair, 0);
    world.deleteTaskSets(left);
    this.after(world.taskSetsGone(left), () => {
      if (this.state.phase === "Install") this.attempt(create);
    });
  }

  private awaitSteady(timeoutMs: number): void {
    const { clock, settings, world } = this.parts;
    let steadySince: number | undefined;
    const check = () =>
      this.attempt(() => {
        steadySince = world.greenIsSteady(this.pair) ? (steadySince ?? clock.now()) : undefined;
        if (steadySince === undefined || clock.now() < steadySince + settings.steadyNoticeSeconds * 1000) return;
        this.dispatch({ type: "taskSetSteady" });
      });
    this.waits.push(clock.every(STEADY_CHECK_SECONDS * 1000, check));
    this.wait(timeoutMs, () => this.dispatch({ type: "steadyTimeout" }));
  }

  private invokeHook({ name, functionArn }: Extract<Effect, { type: "invokeHook" }>): void {
    const { clock, invokeHook, newExecutionId } = this.parts;
    const executionId = newExecutionId();
    this.hook = new HookCall(executionId, name, clock, (event) => this.dispatch(event));
    const payload = { DeploymentId: this.id, LifecycleEventHookExecutionId: executionId };
    this.waits.push(this.hook.start(() => invokeHook(functionArn, payload)));
  }

  private lookAtAlarms(): void {
    if (this.goal.kind === "rollback") return;
    const { alarms, settings } = this.parts;
    const stateOf = (name: string) => {
      try {
        return alarms.state(name)?.value;
      } catch {
        return undefined; // unreadable, which is what the deployment is told
      }
    };
    const event = lookAtAlarms(this.goal.alarms, stateOf, settings.insufficientDataStops);
    if (event) this.dispatch(event);
  }

  // ---- waiting and failing -------------------------------------------------------------------------------------

  private wait(ms: number, action: () => void): void {
    this.waits.push(this.parts.clock.after(Math.max(0, ms), action));
  }

  private cancelWaits(): void {
    for (const cancel of this.waits) cancel();
    this.waits = [];
  }

  /** Goes on when `work` is done; when it fails, so does the deployment. */
  private after(work: Promise<void>, done: () => void): void {
    work.then(done, (error: unknown) => this.dispatch({ type: "effectFailed", error: informationOf(error) }));
  }

  /** For what runs outside a transition: an error fails the deployment, never the cloud. */
  private attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.dispatch({ type: "effectFailed", error: informationOf(error) });
    }
  }
}

const stopRequest = (rollback: boolean | undefined): MachineEvent => ({
  type: "stopRequested",
  ...(rollback !== undefined && { rollback }),
});
