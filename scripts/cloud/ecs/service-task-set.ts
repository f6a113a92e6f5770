import type { LoadBalancerPart, TargetHealth } from "../load-balancer/part";
import { type Home, newTaskId, taskArn, taskSetArn } from "./identifiers";
import type { NewTaskSet, Task, TaskDefinitionRecord, TaskSet } from "./part";
import { type HealthDelays, planTasks, type SchedulingPlan, startDelay, type TaskView } from "./scheduler";
import type { ServiceEvents } from "./service-events";
import { ServiceTask, type TaskObserver, type TaskDependencies } from "./service-task";

/** The properties of a task set that do not change. */
export interface TaskSetSpecification extends Omit<NewTaskSet, "taskDefinitionArn"> {
  readonly id: string;
  readonly definition: TaskDefinitionRecord;
}

/** Dependencies of a task set. */
export interface TaskSetDependencies extends TaskDependencies {
  readonly loadBalancer: Pick<LoadBalancerPart, "register" | "deregister" | "health">;
  readonly home: Home;
  readonly events: ServiceEvents;
  readonly healthDelays: HealthDelays;
  /** Gives a private IPv4 address that no other task has. */
  nextAddress(): string;
}

/**
 * How long stopped tasks stay visible, in simulated milliseconds.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
 */
const STOPPED_TASK_KEPT_MS = 3_600_000;
/** Largest number of stopped tasks that stay visible, the newest. */
const MAX_STOPPED_TASKS = 50;

/** One task set: it keeps the desired number of tasks running. */
export class ServiceTaskSet {
  readonly createdAt: number;
  private state: TaskSet["status"];
  private percent = 100;
  private updatedAt: number;
  private tasks: ServiceTask[] = [];
  private readonly unhealthySince = new Map<string, number>();
  /** Why a target was unhealthy, the newest reason; undefined when none was, or its tasks have become steady since. */
  private unhealthyReason: string | undefined;
  /** Number of consecutive rounds of failed starts. */
  private failures = 0;
  /** When a start last failed. */
  private lastFailureAt = 0;
  private wasSteady = false;
  /** Number of registered tasks for which there is no event yet. */
  private registered = 0;
  /** Number of tasks in deregistration for which there is no event yet. */
  private deregistering = 0;
  /** True while several tasks stop together: one event then reports all their deregistrations. */
  private stoppingSeveral = false;
  /** When it last became steady or unsteady. */
  private stabilityAt: number;
  private drained: Promise<void> | undefined;
  /** The last task that failed to start; undefined as soon as one runs. */
  private failure: Task | undefined;

  constructor(
    readonly specification: TaskSetSpecification,
    status: "PRIMARY" | "ACTIVE",
    private serviceCount: number,
    private readonly dependencies: TaskSetDependencies,
  ) {
    this.state = status;
    this.createdAt = this.updatedAt = this.stabilityAt = dependencies.clock.now();
    dependencies.events.desired(this.id, this.desired);
  }

  get id(): string {
    return this.specification.id;
  }

  get status(): TaskSet["status"] {
    return this.state;
  }

  /** The last task that failed to start, if no task has run since. */
  get startFailure(): Task | undefined {
    return this.failure;
  }

  /** Why the load balancer finds its tasks unhealthy; undefined when no task has been since they were steady. */
  get healthFailure(): string | undefined {
    return this.unhealthyReason;
  }

  setStatus(status: "PRIMARY" | "ACTIVE"): void {
    this.state = status;
    this.updatedAt = this.dependencies.clock.now();
  }

  /** Applies a new desired count of the service. */
  rescale(serviceCount: number): void {
    const before = this.desired;
    this.serviceCount = serviceCount;
    this.updatedAt = this.dependencies.clock.now();
    if (this.desired !== before) this.dependencies.events.desired(this.id, this.desired);
  }

  /** The number of tasks that it should have: ECS's computedDesiredCount, which is rounded up. */
  private get desired(): number {
    return Math.ceil((this.serviceCount * this.percent) / 100);
  }

  /** The task set, as DescribeServices shows it. */
  view(): TaskSet {
    const { definition, externalId, ...specification } = this.specification;
    const count = (...statuses: readonly Task["status"][]) =>
      this.tasks.filter(({ currentStatus }) => statuses.includes(currentStatus)).length;
    return {
      ...specification,
      ...(externalId === undefined ? {} : { externalId }),
      arn: taskSetArn(this.dependencies.home, this.id),
      status: this.state,
      taskDefinitionArn: definition.arn,
      scale: this.percent,
      desiredCount: this.desired,
      pendingCount: count("PROVISIONING", "PENDING"),
      runningCount: count("RUNNING"),
      stability: this.isSteady() ? "STEADY_STATE" : "STABILIZING",
      stabilityAt: this.stabilityAt,
      createdAt: this.createdAt,
      updatedAt: this.updatedAt,
    };
  }

  /** Its tasks, running and recently stopped, oldest first. */
  taskViews(): readonly Task[] {
    return this.tasks.map((task) => task.view());
  }

  /** Plays the faults of its tasks' images. To be called when faults change. */
  applyFaults(): void {
    for (const task of this.tasks) task.applyFault();
  }

  isSteady(): boolean {
    return this.state !== "DRAINING" && this.plan().steady;
  }

  /**
   * Stops and starts tasks so that the desired number runs.
   * @returns whether the task set has become steady with this call
   */
  reconcile(): boolean {
    if (this.state === "DRAINING") return false;
    this.dropOldTasks();
    this.emitRegistered();
    this.observeHealth();
    const { start, stop, steady } = this.plan();
    this.stopTogether(() => {
      for (const { id, why } of stop) this.stopTask(id, why);
    });
    if (start > 0) this.startTasks(start);
    const newlySteady = steady && !this.wasSteady;
    if (newlySteady) {
      this.unhealthyReason = undefined;
      this.dependencies.events.taskSetSteady(this.id);
    }
    if (steady !== this.wasSteady) this.stabilityAt = this.dependencies.clock.now();
    this.wasSteady = steady;
    return newlySteady;
  }

  /** Drains and stops all tasks; resolves when none is left. A second call returns the same promise. */
  drain(): Promise<void> {
    this.drained ??= this.stopAll();
    return this.drained;
  }

  private async stopAll(): Promise<void> {
    this.state = "DRAINING";
    this.percent = 0;
    this.updatedAt = this.stabilityAt = this.dependencies.clock.now();
    this.emitRegistered();
    this.dependencies.events.desired(this.id, this.desired);
    const alive = this.tasks.filter(({ currentStatus }) => currentStatus !== "STOPPED");
    await Promise.all(this.stopTogether(() => alive.map((task) => task.stop(scalingReason(this.id)))));
    if (alive.length > 0)
      this.dependencies.events.stopped(
        this.id,
        alive.map(({ id }) => id),
      );
  }

  /** Ends the timers of all tasks; later events are ignored. */
  abandon(): void {
    for (const task of this.tasks) task.abandon();
  }

  private plan(): SchedulingPlan {
    const { clock, healthDelays } = this.dependencies;
    const health = this.healthByAddress();
    const desired = { count: this.desired, startNotBefore: this.lastFailureAt + startDelay(this.failures) };
    return planTasks(
      desired,
      this.tasks.map((task) => this.taskView(task, health)),
      clock.now(),
      healthDelays,
    );
  }

  private taskView(task: ServiceTask, health: ReadonlyMap<string, TargetHealth>): TaskView {
    const { currentStatus, runningSince } = task;
    const state = health.get(task.specification.privateIp)?.state;
    const unhealthySince = this.unhealthySince.get(task.id);
    return {
      id: task.id,
      createdAt: task.createdAt,
      phase: PHASES[currentStatus],
      ...(runningSince === undefined ? {} : { runningSince }),
      ...(state === undefined ? {} : { health: state }),
      ...(unhealthySince === undefined ? {} : { unhealthySince }),
    };
  }

  private healthByAddress(): Map<string, TargetHealth> {
    const { loadBalancer } = this.dependencies;
    return new Map(
      loadBalancer.health(this.specification.targetGroupArn).map((health) => [health.target.id, health] as const),
    );
  }

  private observeHealth(): void {
    const { clock, events } = this.dependencies;
    const { targetGroupArn, containerPort } = this.specification;
    const health = this.healthByAddress();
    for (const task of this.tasks) {
      const target = health.get(task.specification.privateIp);
      if (task.currentStatus !== "RUNNING" || target?.state !== "unhealthy") this.unhealthySince.delete(task.id);
      else if (!this.unhealthySince.has(task.id)) {
        this.unhealthySince.set(task.id, clock.now());
        const reason = target.description ?? target.reason ?? "unknown";
        this.unhealthyReason = reason;
        events.unhealthy({ id: task.id, port: containerPort }, targetGroupArn, reason);
      }
    }
  }

  private startTasks(count: number): void {
    const { home, events } = this.dependencies;
    const { containerName, containerPort, targetGroupArn, definition } = this.specification;
    const started = Array.from({ length: count }, () => {
      const id = newTaskId();
      return new ServiceTask(
        {
          id,
          arn: taskArn(home, id),
          taskSetId: this.id,
          definition,
          targetGroupArn,
          containerName,
          containerPort,
          privateIp: this.dependencies.nextAddress(),
        },
        this.dependencies,
        this.observer,
      );
    });
    this.tasks.push(...started);
    events.started(
      this.id,
      started.map(({ id }) => id),
    );
  }

  private stopTask(id: string, why: "unhealthy" | "surplus"): void {
    const task = this.tasks.find((candidate) => candidate.id === id);
    if (!task) return;
    const reason =
      why === "unhealthy"
        ? `Task failed ELB health checks in (target-group ${this.specification.targetGroupArn})`
        : scalingReason(this.id);
    this.dependencies.events.stopped(this.id, [id]);
    void task.stop(reason);
  }

  private readonly observer: TaskObserver = {
    running: () => {
      this.failures = 0;
      this.failure = undefined;
      this.registered += 1;
    },
    deregistering: () => {
      this.deregistering += 1;
      if (!this.stoppingSeveral) this.emitDeregistered();
    },
    stopped: (task) => {
      if (task.failedToStart) this.countFailure(task);
    },
  };

  /** Runs `stop` so that one event reports all deregistrations that it causes. */
  private stopTogether<Result>(stop: () => Result): Result {
    this.stoppingSeveral = true;
    const result = stop();
    this.stoppingSeveral = false;
    this.emitDeregistered();
    return result;
  }

  private emitRegistered(): void {
    if (this.registered > 0) {
      this.dependencies.events.registered(this.id, this.specification.targetGroupArn, this.registered);
    }
    this.registered = 0;
  }

  private emitDeregistered(): void {
    if (this.deregistering > 0)
      this.dependencies.events.deregistered(this.id, this.specification.targetGroupArn, this.deregistering);
    this.deregistering = 0;
  }

  /** Counts a failed start. Tasks that started together and fail are one round. */
  private countFailure(task: ServiceTask): void {
    this.failure = task.view();
    const sameRound = this.failures > 0 && task.createdAt < this.lastFailureAt;
    this.lastFailureAt = this.dependencies.clock.now();
    if (sameRound) return;
    this.failures += 1;
    if (this.failures > 1) this.dependencies.events.impaired();
  }

  private dropOldTasks(): void {
    const oldest = this.dependencies.clock.now() - STOPPED_TASK_KEPT_MS;
    const stopped = this.tasks.filter(({ currentStatus }) => currentStatus === "STOPPED");
    const surplus = new Set(stopped.slice(0, -MAX_STOPPED_TASKS));
    this.tasks = this.tasks.filter(
      (task) => task.currentStatus !== "STOPPED" || (!surplus.has(task) && (task.view().stoppedAt ?? 0) >= oldest),
    );
  }
}

const PHASES: Readonly<Record<Task["status"], TaskView["phase"]>> = {
  PROVISIONING: "starting",
  PENDING: "starting",
  RUNNING: "running",
  DEACTIVATING: "stopping",
  STOPPING: "stopping",
  STOPPED: "stopping",
};

/** The stopped reason of a task that is surplus. */
function scalingReason(taskSetId: string): string {
  return `Scaling activity initiated by (taskSet ${taskSetId})`;
}
