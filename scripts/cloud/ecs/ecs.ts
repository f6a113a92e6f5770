import { AwsError } from "../aws-error";
import type { Cancel, Clock } from "../clock";
import { Faults } from "../faults";
import type { LoadBalancerPart } from "../load-balancer/part";
import type { CloudSettings } from "../settings";
import type { ImagesPart, TaskRuntime } from "../tasks/part";
import type { TaskDefinitionTemplate, Template } from "../template";
import { type Home, newTaskSetId, privateIp } from "./identifiers";
import type { EcsPart, NewTaskSet, ServiceEvent, Task, TaskDefinitionRecord, TaskSet } from "./part";
import { ServiceEvents } from "./service-events";
import { ServiceTaskSet, type TaskSetSpecification, type TaskSetDependencies } from "./service-task-set";
import { TaskDefinitions } from "./task-definitions";

/** How often the scheduler runs, in simulated seconds. */
const SCHEDULER_SECONDS = 5;

/** Number of tasks of deleted task sets that DescribeTasks still shows. */
const MAX_TASKS_OF_DELETED_SETS = 50;

/** Template, settings and dependencies of ECS. */
export interface EcsOptions {
  readonly template: Pick<Template, "region" | "accountId" | "cluster" | "service" | "taskDefinition" | "targetGroups">;
  readonly clock: Clock;
  readonly settings: CloudSettings;
  readonly loadBalancer: LoadBalancerPart;
  readonly runtime: TaskRuntime;
  readonly images: ImagesPart;
  /** The faults of tasks; default: none. */
  readonly faults?: Faults;
  /** The image of the first task set; default: the image of the synthesized task definition. */
  readonly initialImage?: string;
}

/** The first version does not start; the message has the reason and the last lines of its output. */
export class InitialVersionError extends Error {
  constructor(reason: string, task: Task | undefined) {
    const output = (task?.lastLogLines ?? []).map((line) => `\n  ${line}`).join("");
    super(`The first version does not start: ${reason}${output || "\n  (no output)"}`);
    this.name = "InitialVersionError";
  }
}

/** The reason why a task stopped, with its exit code. */
function reasonOf({ stoppedReason = "stopped", exitCode }: Task): string {
  return stoppedReason + (exitCode === undefined ? "" : ` (exit code ${exitCode})`);
}

/**
 * Shortest timeout of the first version's start, in wall milliseconds. The cloud's clock may run much faster than this
 * machine starts a program.
 */
const MIN_FIRST_VERSION_WALL_MS = 120_000;
/** The same for a first version whose tasks listen and fail the health check: they are not slow, but answer wrongly. */
const MIN_UNHEALTHY_WALL_MS = 30_000;

/** The only service of the cluster: its task definitions, task sets and tasks. */
export class Ecs implements EcsPart {
  private readonly definitions: TaskDefinitions;
  private readonly serviceEvents: ServiceEvents;
  private readonly dependencies: TaskSetDependencies;
  private sets: ServiceTaskSet[] = [];
  private tasksOfDeletedSets: Task[] = [];
  private count: number;
  private addresses = 0;
  private cancelTick: Cancel = () => undefined;
  private readonly unsubscribe: () => void;
  private waiters: { resolve: () => void; reject: (error: Error) => void }[] = [];
  /** The times by which the first version has to be steady, in simulated milliseconds. */
  private deadlines = { any: Infinity, unhealthy: Infinity };

  constructor(private readonly options: EcsOptions) {
    const { template, clock, settings, loadBalancer, runtime, images, faults = new Faults() } = options;
    const home: Home = {
      region: template.region,
      accountId: template.accountId,
      cluster: template.cluster.name,
      service: template.service.name,
    };
    this.definitions = new TaskDefinitions(clock, home);
    this.serviceEvents = new ServiceEvents(clock, home.service, settings.drainingEventFirst);
    this.count = template.service.desiredCount;
    this.dependencies = {
      clock,
      settings,
      loadBalancer,
      runtime,
      images,
      faults,
      home,
      events: this.serviceEvents,
      healthDelays: {
        gracePeriodMs: (template.service.healthCheckGracePeriodSeconds ?? 0) * 1000,
        unhealthyStopMs: settings.unhealthyStopSeconds * 1000,
      },
      nextAddress: () => privateIp(this.addresses++),
    };
    this.unsubscribe = faults.changes.subscribe(() => {
      for (const set of this.sets) set.applyFaults();
    });
  }

  /** Registers revision 1 and starts it as the PRIMARY task set, as the first `terraform apply` does. */
  start(): void {
    const { template, clock, settings, initialImage } = this.options;
    const [target] = template.service.loadBalancers;
    if (!target) throw new Error(`the service ${template.service.name} has no load balancer`);
    const definition = this.definitions.register(
      initialImage === undefined
        ? template.taskDefinition
        : withImage(template.taskDefinition, target.containerName, initialImage),
    );
    const id = newTaskSetId();
    this.add({ ...target, id, definition, startedBy: id, settings: {} }, "PRIMARY");
    const timeoutMs = settings.firstVersionSeconds * 1000 + this.dependencies.healthDelays.gracePeriodMs;
    const deadline = (minimumWallMs: number) => clock.now() + Math.max(timeoutMs, minimumWallMs * clock.speed);
    this.deadlines = { any: deadline(MIN_FIRST_VERSION_WALL_MS), unhealthy: deadline(MIN_UNHEALTHY_WALL_MS) };
    this.cancelTick = clock.every(SCHEDULER_SECONDS * 1000, () => this.reconcile());
  }

  /**
   * Resolves when the PRIMARY task set is steady.
   * @throws InitialVersionError when one of its tasks fails to start, or when its tasks don't become healthy before the
   *   deadline
   */
  ready(): Promise<void> {
    const primary = this.primary();
    if (primary.isSteady()) return Promise.resolve();
    return new Promise((resolve, reject) => this.waiters.push({ resolve, reject }));
  }

  /** Stops scheduling. The runtime stops the containers that still run. */
  close(): void {
    this.cancelTick();
    this.unsubscribe();
    for (const set of this.sets) set.abandon();
    this.settle((waiter) => waiter.reject(new Error("ECS was closed")));
  }

  registerTaskDefinition(definition: TaskDefinitionTemplate): TaskDefinitionRecord {
    return this.definitions.register(definition);
  }

  deregisterTaskDefinition(arn: string): TaskDefinitionRecord | undefined {
    return this.definitions.deregister(arn);
  }

  taskDefinition(reference: string): TaskDefinitionRecord | undefined {
    return this.definitions.find(reference);
  }

  taskDefinitions(): readonly TaskDefinitionRecord[] {
    return this.definitions.all();
  }

  desiredCount(): number {
    return this.count;
  }

  /** Rescales every task set: its scale is a share of the service's desired count. */
  setDesiredCount(count: number): void {
    if (!Number.isInteger(count) || count < 0)
      throw new AwsError("InvalidParameterException", `desiredCount must be a whole number of tasks, not ${count}`);
    this.count = count;
    for (const set of this.sets) set.rescale(count);
    this.reconcile();
  }

  taskSets(): readonly TaskSet[] {
    return this.sets
      .map((set) => set.view())
      .sort((a, b) => Number(b.status === "PRIMARY") - Number(a.status === "PRIMARY"));
  }

  taskSet(id: string): TaskSet | undefined {
    return this.sets.find((set) => set.id === id)?.view();
  }

  tasks(): readonly Task[] {
    return [...this.tasksOfDeletedSets, ...this.sets.flatMap((set) => set.taskViews())].sort(
      (a, b) => a.createdAt - b.createdAt,
    );
  }

  events(): readonly ServiceEvent[] {
    return this.serviceEvents.all();
  }

  createTaskSet(input: NewTaskSet): TaskSet {
    const { taskDefinitionArn, ...rest } = input;
    const definition = this.definitions.runnable(taskDefinitionArn);
    if (!definition.definition.containerDefinitions.some(({ name }) => name === input.containerName))
      throw new AwsError(
        "InvalidParameterException",
        `The container ${input.containerName} does not exist in the task definition.`,
      );
    return this.add({ ...rest, id: newTaskSetId(), definition }, "ACTIVE").view();
  }

  /** @throws AwsError TaskSetNotFoundException, InvalidParameterException for a DRAINING task set */
  setPrimary(taskSetId: string): void {
    const next = this.find(taskSetId);
    if (next.status === "DRAINING")
      throw new AwsError("InvalidParameterException", "A task set that is DRAINING cannot become PRIMARY.");
    for (const set of this.sets) if (set.status === "PRIMARY" && set !== next) set.setStatus("ACTIVE");
    next.setStatus("PRIMARY");
  }

  deleteTaskSet(taskSetId: string): void {
    const set = this.find(taskSetId);
    if (set.status === "PRIMARY")
      throw new AwsError("InvalidParameterException", "The PRIMARY task set cannot be deleted.");
    void set.drain().then(() => this.forget(set));
  }

  async taskSetGone(taskSetId: string): Promise<void> {
    const set = this.sets.find(({ id }) => id === taskSetId);
    await set?.drain();
    if (set) this.forget(set);
  }

  /** Removes a task set whose tasks have all stopped; DescribeTasks shows the newest of them. */
  private forget(set: ServiceTaskSet): void {
    if (!this.sets.includes(set)) return;
    this.sets = this.sets.filter((other) => other !== set);
    this.tasksOfDeletedSets = [...this.tasksOfDeletedSets, ...set.taskViews()].slice(-MAX_TASKS_OF_DELETED_SETS);
  }

  private add(specification: TaskSetSpecification, status: "PRIMARY" | "ACTIVE"): ServiceTaskSet {
    const set = new ServiceTaskSet(specification, status, this.count, this.dependencies);
    this.sets.push(set);
    set.reconcile();
    return set;
  }

  private reconcile(): void {
    const newlySteady = this.sets.filter((set) => set.reconcile());
    if (newlySteady.length > 0 && this.sets.every((set) => set.isSteady() || set.status === "DRAINING"))
      this.serviceEvents.steady();
    if (this.waiters.length === 0) return;
    const primary = this.primary();
    const failure = primary.startFailure;
    if (primary.isSteady()) this.settle((waiter) => waiter.resolve());
    else if (failure) this.failFirstVersion(reasonOf(failure), failure);
    else {
      const now = this.options.clock.now();
      const unhealthy = primary.healthFailure;
      const newest = primary.taskViews().at(-1);
      if (unhealthy !== undefined && now >= this.deadlines.unhealthy)
        this.failFirstVersion(`its tasks listen, but fail ${this.healthCheck(primary)}. ${unhealthy}`, newest);
      else if (now >= this.deadlines.any)
        this.failFirstVersion(
          "its tasks run, but none of them listens on its port and passes the load balancer's health check in time",
          newest,
        );
    }
  }

  /** What the load balancer asks the tasks of a task set, and which statuses are healthy. */
  private healthCheck({ specification: { targetGroupArn } }: ServiceTaskSet): string {
    const check = this.options.template.targetGroups.find(({ arn }) => arn === targetGroupArn)?.healthCheck;
    return `the load balancer's health check${check === undefined ? "" : ` (GET ${check.path}, healthy: ${check.matcher})`}`;
  }

  private failFirstVersion(reason: string, task: Task | undefined): void {
    this.settle((waiter) => waiter.reject(new InitialVersionError(reason, task)));
  }

  private settle(action: (waiter: { resolve: () => void; reject: (error: Error) => void }) => void): void {
    for (const waiter of this.waiters.splice(0)) action(waiter);
  }

  private primary(): ServiceTaskSet {
    const primary = this.sets.find(({ status }) => status === "PRIMARY");
    if (!primary) throw new Error("there is no PRIMARY task set: call start() first");
    return primary;
  }

  private find(taskSetId: string): ServiceTaskSet {
    const set = this.sets.find(({ id }) => id === taskSetId);
    if (!set) throw new AwsError("TaskSetNotFoundException", `The specified task set was not found: ${taskSetId}`);
    return set;
  }
}

function withImage(definition: TaskDefinitionTemplate, container: string, image: string): TaskDefinitionTemplate {
  return {
    ...definition,
    containerDefinitions: definition.containerDefinitions.map((entry) =>
      entry.name === container ? { ...entry, image } : entry,
    ),
  };
}
