import { AwsError } from "../aws-error";
import type { Cancel, Clock } from "../clock";
import type { LoadBalancerPart } from "../load-balancer/part";
import type { CloudSettings } from "../settings";
import type { ImagesPart, TaskRuntime } from "../tasks/part";
import type { TaskDefinitionTemplate, Template } from "../template";
import { type Home, newTaskSetId, privateIp } from "./identifiers";
import type { EcsPart, ServiceEvent, Task, TaskDefinitionRecord, TaskSet } from "./part";
import { ServiceEvents } from "./service-events";
import { ServiceTaskSet, type TaskSetSpecification, type TaskSetTools } from "./service-task-set";
import { TaskDefinitions } from "./task-definitions";

/** How often the scheduler looks at the target group, simulated seconds. */
const SCHEDULER_SECONDS = 5;

/** Tasks of task sets that are gone, kept for DescribeTasks. */
const TASKS_OF_GONE_SETS_KEPT = 50;

/** What ECS works on and with. */
export interface EcsOptions {
  readonly template: Pick<Template, "region" | "accountId" | "cluster" | "service" | "taskDefinition">;
  readonly clock: Clock;
  readonly settings: CloudSettings;
  readonly loadBalancer: LoadBalancerPart;
  readonly runtime: TaskRuntime;
  readonly images: ImagesPart;
  /** Runs in the first task set instead of the image that the synthesized task definition names. */
  readonly initialImage?: string;
}

/** The first version did not start; the message says why, with the last lines of its output. */
export class InitialVersionError extends Error {
  constructor(reason: string, task: Task | undefined) {
    const output = (task?.lastLogLines ?? []).map((line) => `\n  ${line}`).join("");
    super(`The first version does not start: ${reason}${output || "\n  (it wrote nothing)"}`);
    this.name = "InitialVersionError";
  }
}

/** Why a task has stopped. */
function reasonOf({ stoppedReason = "stopped", exitCode }: Task): string {
  return stoppedReason + (exitCode === undefined ? "" : ` (exit code ${exitCode})`);
}

/**
 * Least wall time that the first version is waited for. The cloud's clock may run much faster than this machine starts
 * a program.
 */
const FIRST_VERSION_WALL_MS = 120_000;

/** The cluster's one service: task definitions, task sets and their tasks. */
export class Ecs implements EcsPart {
  private readonly definitions: TaskDefinitions;
  private readonly serviceEvents: ServiceEvents;
  private readonly tools: TaskSetTools;
  private sets: ServiceTaskSet[] = [];
  private goneTasks: Task[] = [];
  private count: number;
  private addresses = 0;
  private cancelTick: Cancel = () => undefined;
  private waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  /** When the first version is given up, if it is not steady by then: simulated milliseconds. */
  private giveUpAt = Infinity;

  constructor(private readonly options: EcsOptions) {
    const { template, clock, settings, loadBalancer, runtime, images } = options;
    const home: Home = {
      region: template.region,
      accountId: template.accountId,
      cluster: template.cluster.name,
      service: template.service.name,
    };
    this.definitions = new TaskDefinitions(clock, home);
    this.serviceEvents = new ServiceEvents(clock, home.service, settings.drainingToldFirst);
    this.count = template.service.desiredCount;
    this.tools = {
      clock,
      settings,
      loadBalancer,
      runtime,
      images,
      home,
      events: this.serviceEvents,
      healthDelays: {
        gracePeriodMs: (template.service.healthCheckGracePeriodSeconds ?? 0) * 1000,
        unhealthyStopMs: settings.unhealthyStopSeconds * 1000,
      },
      nextAddress: () => privateIp(this.addresses++),
    };
  }

  /** Registers revision 1 and begins to run it as the PRIMARY task set, as the first `terraform apply` does. */
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
    const timeoutMs = settings.firstVersionSeconds * 1000 + this.tools.healthDelays.gracePeriodMs;
    this.giveUpAt = clock.now() + Math.max(timeoutMs, FIRST_VERSION_WALL_MS * clock.speed);
    this.cancelTick = clock.every(SCHEDULER_SECONDS * 1000, () => this.reconcile());
  }

  /**
   * Resolves when the PRIMARY task set is steady.
   * @throws InitialVersionError as soon as one of its tasks fails to start, or when they run and do not become healthy in
   *   time, so that a broken first version is no endless wait
   */
  ready(): Promise<void> {
    const primary = this.primary();
    if (primary.isSteady()) return Promise.resolve();
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Stops scheduling. Containers that run are the runtime's to end. */
  close(): void {
    this.cancelTick();
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

  /** Rescales every task set: the scale of each is a share of the service's desired count. */
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
    return [...this.goneTasks, ...this.sets.flatMap((set) => set.taskViews())].sort(
      (a, b) => a.createdAt - b.createdAt,
    );
  }

  /** Newest first, as DescribeServices lists them. */
  events(): readonly ServiceEvent[] {
    return this.serviceEvents.all();
  }

  /** @throws AwsError ClientException, InvalidParameterException */
  createTaskSet(input: Parameters<EcsPart["createTaskSet"]>[0]): TaskSet {
    const { taskDefinitionArn, ...rest } = input;
    const definition = this.definitions.runnable(taskDefinitionArn);
    if (!definition.definition.containerDefinitions.some(({ name }) => name === input.containerName))
      throw new AwsError(
        "InvalidParameterException",
        `The container ${input.containerName} does not exist in the task definition.`,
      );
    return this.add({ ...rest, id: newTaskSetId(), definition }, "ACTIVE").view();
  }

  /** @throws AwsError TaskSetNotFoundException, InvalidParameterException for one that is being deleted */
  setPrimary(taskSetId: string): void {
    const next = this.known(taskSetId);
    if (next.status === "DRAINING")
      throw new AwsError("InvalidParameterException", "A task set that is DRAINING cannot become PRIMARY.");
    for (const set of this.sets) if (set.status === "PRIMARY" && set !== next) set.setStatus("ACTIVE");
    next.setStatus("PRIMARY");
  }

  deleteTaskSet(taskSetId: string): void {
    const set = this.known(taskSetId);
    if (set.status === "PRIMARY")
      throw new AwsError("InvalidParameterException", "The PRIMARY task set cannot be deleted.");
    void set.drain().then(() => this.forget(set));
  }

  async taskSetGone(taskSetId: string): Promise<void> {
    const set = this.sets.find(({ id }) => id === taskSetId);
    await set?.drain();
    if (set) this.forget(set);
  }

  /** A task set whose tasks have all stopped is gone; its tasks stay visible for a while. */
  private forget(set: ServiceTaskSet): void {
    if (!this.sets.includes(set)) return;
    this.sets = this.sets.filter((other) => other !== set);
    this.goneTasks = [...this.goneTasks, ...set.taskViews()].slice(-TASKS_OF_GONE_SETS_KEPT);
  }

  private add(specification: TaskSetSpecification, status: "PRIMARY" | "ACTIVE"): ServiceTaskSet {
    const set = new ServiceTaskSet(specification, status, this.count, this.tools);
    this.sets.push(set);
    set.reconcile();
    return set;
  }

  private reconcile(): void {
    const became = this.sets.filter((set) => set.reconcile());
    if (became.length > 0 && this.sets.every((set) => set.isSteady() || set.status === "DRAINING"))
      this.serviceEvents.steady();
    if (this.waiting.length === 0) return;
    const primary = this.primary();
    const failure = primary.startFailure;
    if (primary.isSteady()) this.settle((waiter) => waiter.resolve());
    else if (failure) this.giveUp(reasonOf(failure), failure);
    else if (this.options.clock.now() >= this.giveUpAt) {
      const reason = "its tasks run, but none listens on its port and passes the load balancer's health check in time";
      this.giveUp(reason, primary.taskViews().at(-1));
    }
  }

  private giveUp(reason: string, task: Task | undefined): void {
    this.settle((waiter) => waiter.reject(new InitialVersionError(reason, task)));
  }

  private settle(how: (waiter: { resolve: () => void; reject: (error: Error) => void }) => void): void {
    for (const waiter of this.waiting.splice(0)) how(waiter);
  }

  private primary(): ServiceTaskSet {
    const primary = this.sets.find(({ status }) => status === "PRIMARY");
    if (!primary) throw new Error("there is no PRIMARY task set: call start() first");
    return primary;
  }

  private known(taskSetId: string): ServiceTaskSet {
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
