import type { LoadBalancerPart, TargetHealth } from "../load-balancer/part";
import { type Home, newTaskId, taskArn, taskSetArn } from "./identifiers";
import type { Task, TaskDefinitionRecord, TaskSet, TaskSetSettings } from "./part";
import { type HealthDelays, planTasks, type SchedulingPlan, startDelay, type TaskView } from "./scheduler";
import type { ServiceEvents } from "./service-events";
import { ServiceTask, type TaskListener, type TaskTools } from "./service-task";

/** What a task set is. */
export interface TaskSetSpecification {
  readonly id: string;
  readonly definition: TaskDefinitionRecord;
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly startedBy: string;
  readonly externalId?: string;
  readonly settings: TaskSetSettings;
}

/** What a task set works with. */
export interface TaskSetTools extends TaskTools {
  readonly loadBalancer: Pick<LoadBalancerPart, "register" | "deregister" | "health">;
  readonly home: Home;
  readonly events: ServiceEvents;
  readonly healthDelays: HealthDelays;
  /** Gives a private IPv4 address that no other task has. */
  nextAddress(): string;
}

/** Stopped tasks stay visible for an hour, as in ECS; simulated milliseconds. */
const STOPPED_TASK_KEPT_MS = 3_600_000;
/** And no more than these, newest. */
const STOPPED_TASKS_KEPT = 50;

/** One task set: keeps as many tasks running as are wanted. */
export class ServiceTaskSet {
  readonly createdAt: number;
  private state: TaskSet["status"];
  private percent = 100;
  private updatedAt: number;
  private tasks: ServiceTask[] = [];
  private readonly unhealthySince = new Map<string, number>();
  /** Rounds of failed starts in a row, and when the last of them began to count. */
  private failures = 0;
  private lastFailureAt = 0;
  private wasSteady = false;
  /** Tasks registered, and leaving, that no event has told of yet. */
  private registered = 0;
  private leaving = 0;
  private stoppingSeveral = false;
  /** Since when it has been as steady as the last look found it. */
  private stabilityAt: number;
  private drained: Promise<void> | undefined;
  /** How a task of it first failed to start; forgotten as soon as one runs. */
  private failure: Task | undefined;

  constructor(
    readonly specification: TaskSetSpecification,
    status: "PRIMARY" | "ACTIVE",
    private serviceCount: number,
    private readonly tools: TaskSetTools,
  ) {
    this.state = status;
    this.createdAt = this.updatedAt = this.stabilityAt = tools.clock.now();
    tools.events.desired(this.id, this.desired);
  }

  get id(): string {
    return this.specification.id;
  }

  get status(): TaskSet["status"] {
    return this.state;
  }

  /** The last failed start, when no task has run since. */
  get startFailure(): Task | undefined {
    return this.failure;
  }

  setStatus(status: "PRIMARY" | "ACTIVE"): void {
    this.state = status;
    this.updatedAt = this.tools.clock.now();
  }

  /** Follows the service's desired count, as far as the scale goes. */
  rescale(serviceCount: number): void {
    const before = this.desired;
    this.serviceCount = serviceCount;
    this.updatedAt = this.tools.clock.now();
    if (this.desired !== before) this.tools.events.desired(this.id, this.desired);
  }

  /** How many tasks it should have: ECS's computedDesiredCount, which is rounded up. */
  private get desired(): number {
    return Math.ceil((this.serviceCount * this.percent) / 100);
  }

  /** As DescribeServices tells it. */
  view(): TaskSet {
    const { definition, externalId, ...specification } = this.specification;
    const count = (...statuses: readonly Task["status"][]) =>
      this.tasks.filter(({ currentStatus }) => statuses.includes(currentStatus)).length;
    return {
      ...specification,
      ...(externalId === undefined ? {} : { externalId }),
      arn: taskSetArn(this.tools.home, this.id),
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

  isSteady(): boolean {
    return this.state !== "DRAINING" && this.plan().steady;
  }

  /**
   * Does what is to be done now: stops and starts tasks.
   * @returns whether it has just become steady
   */
  reconcile(): boolean {
    if (this.state === "DRAINING") return false;
    this.forgetStopped();
    this.tellRegistered();
    this.observeHealth();
    const { start, stop, steady } = this.plan();
    this.stopTogether(() => {
      for (const { id, why } of stop) this.stopTask(id, why);
    });
    if (start > 0) this.startTasks(start);
    const became = steady && !this.wasSteady;
    if (became) this.tools.events.taskSetSteady(this.id);
    if (steady !== this.wasSteady) this.stabilityAt = this.tools.clock.now();
    this.wasSteady = steady;
    return became;
  }

  /** Drains and stops all tasks; resolves when none is left. Asking twice does nothing. */
  drain(): Promise<void> {
    this.drained ??= this.stopAll();
    return this.drained;
  }

  private async stopAll(): Promise<void> {
    this.state = "DRAINING";
    this.percent = 0;
    this.updatedAt = this.stabilityAt = this.tools.clock.now();
    this.tellRegistered();
    this.tools.events.desired(this.id, this.desired);
    const alive = this.tasks.filter(({ currentStatus }) => currentStatus !== "STOPPED");
    await Promise.all(this.stopTogether(() => alive.map((task) => task.stop(scaledBy(this.id)))));
    if (alive.length > 0)
      this.tools.events.stopped(
        this.id,
        alive.map(({ id }) => id),
      );
  }

  /** Forgets everything that is still to come. */
  abandon(): void {
    for (const task of this.tasks) task.abandon();
  }

  private plan(): SchedulingPlan {
    const { clock, healthDelays } = this.tools;
    const health = this.healthByAddress();
    const wanted = { count: this.desired, startNotBefore: this.lastFailureAt + startDelay(this.failures) };
    return planTasks(
      wanted,
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
    const { loadBalancer } = this.tools;
    return new Map(
      loadBalancer.health(this.specification.targetGroupArn).map((health) => [health.target.id, health] as const),
    );
  }

  private observeHealth(): void {
    const { clock, events } = this.tools;
    const { targetGroupArn, containerPort } = this.specification;
    const health = this.healthByAddress();
    for (const task of this.tasks) {
      const seen = health.get(task.specification.privateIp);
      if (task.currentStatus !== "RUNNING" || seen?.state !== "unhealthy") this.unhealthySince.delete(task.id);
      else if (!this.unhealthySince.has(task.id)) {
        this.unhealthySince.set(task.id, clock.now());
        const reason = seen.description ?? seen.reason ?? "unknown";
        events.unhealthy({ id: task.id, port: containerPort }, targetGroupArn, reason);
      }
    }
  }

  private startTasks(count: number): void {
    const { home, events } = this.tools;
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
          privateIp: this.tools.nextAddress(),
        },
        this.tools,
        this.listener,
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
        : scaledBy(this.id);
    this.tools.events.stopped(this.id, [id]);
    void task.stop(reason);
  }

  private readonly listener: TaskListener = {
    running: () => {
      this.failures = 0;
      this.failure = undefined;
      this.registered += 1;
    },
    deregistering: () => {
      this.leaving += 1;
      if (!this.stoppingSeveral) this.tellLeaving();
    },
    stopped: (task) => {
      if (task.failedToStart) this.countFailure(task);
    },
  };

  /** Those that leave the target group together are told of together. */
  private stopTogether<Result>(stop: () => Result): Result {
    this.stoppingSeveral = true;
    const result = stop();
    this.stoppingSeveral = false;
    this.tellLeaving();
    return result;
  }

  private tellRegistered(): void {
    if (this.registered > 0) {
      this.tools.events.registered(this.id, this.specification.targetGroupArn, this.registered);
    }
    this.registered = 0;
  }

  private tellLeaving(): void {
    if (this.leaving > 0) this.tools.events.deregistered(this.id, this.specification.targetGroupArn, this.leaving);
    this.leaving = 0;
  }

  /** Tasks started together that fail together are one round. */
  private countFailure(task: ServiceTask): void {
    this.failure = task.view();
    const sameRound = this.failures > 0 && task.createdAt < this.lastFailureAt;
    this.lastFailureAt = this.tools.clock.now();
    if (sameRound) return;
    this.failures += 1;
    if (this.failures > 1) this.tools.events.impaired();
  }

  private forgetStopped(): void {
    const oldest = this.tools.clock.now() - STOPPED_TASK_KEPT_MS;
    const stopped = this.tasks.filter(({ currentStatus }) => currentStatus === "STOPPED");
    const surplus = new Set(stopped.slice(0, -STOPPED_TASKS_KEPT));
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

/** The reason of a stop that nothing but the wanted count made. */
function scaledBy(taskSetId: string): string {
  return `Scaling activity initiated by (taskSet ${taskSetId})`;
}
