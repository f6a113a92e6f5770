import { constants } from "node:os";
import type { Cancel, Clock } from "../clock";
import type { LoadBalancerPart } from "../load-balancer/part";
import type { CloudSettings } from "../settings";
import type { ImagesPart, RunningContainer, TaskRuntime } from "../tasks/part";
import type { Task, TaskDefinitionRecord, TaskStatus } from "./part";

/** What a task works with. */
export interface TaskTools {
  readonly clock: Clock;
  readonly settings: Pick<CloudSettings, "provisioningSeconds" | "stoppedTaskDetectionSeconds">;
  readonly images: ImagesPart;
  readonly runtime: TaskRuntime;
  readonly loadBalancer: Pick<LoadBalancerPart, "register" | "deregister">;
}

/** What a task is. */
export interface TaskSpecification {
  readonly id: string;
  readonly arn: string;
  readonly taskSetId: string;
  readonly definition: TaskDefinitionRecord;
  readonly targetGroupArn: string;
  /** The container that the load balancer reaches; the only one that runs here. */
  readonly containerName: string;
  readonly containerPort: number;
  readonly privateIp: string;
}

/** What a task tells its task set. */
export interface TaskListener {
  /** It runs and is registered. */
  running(task: ServiceTask): void;
  /** It leaves the target group. */
  deregistering(task: ServiceTask): void;
  /** It is over. */
  stopped(task: ServiceTask): void;
}

/** ECS's default for a container without a stopTimeout, seconds. */
const DEFAULT_STOP_TIMEOUT = 30;

/**
 * One task from PROVISIONING to STOPPED. PENDING until the container listens: the one moment that can be observed of a
 * process; ECS itself says RUNNING as soon as the container was started.
 */
export class ServiceTask {
  readonly createdAt: number;
  private status: TaskStatus = "PROVISIONING";
  private container: RunningContainer | undefined;
  private registered = false;
  private lines: readonly string[] = [];
  private startedAt: number | undefined;
  private stoppedAt: number | undefined;
  private stoppedReason: string | undefined;
  private stopCode: Task["stopCode"];
  private exitCode: number | undefined;
  private stopping: Promise<void> | undefined;
  private abandoned = false;
  private cancel: Cancel;

  constructor(
    readonly specification: TaskSpecification,
    private readonly tools: TaskTools,
    private readonly listener: TaskListener,
  ) {
    this.createdAt = tools.clock.now();
    this.cancel = tools.clock.after(tools.settings.provisioningSeconds * 1000, () => this.launch());
  }

  get id(): string {
    return this.specification.id;
  }

  get currentStatus(): TaskStatus {
    return this.status;
  }

  get runningSince(): number | undefined {
    return this.startedAt;
  }

  /** Ended by itself before it ran. */
  get failedToStart(): boolean {
    return this.status === "STOPPED" && this.startedAt === undefined && this.stopCode !== "ServiceSchedulerInitiated";
  }

  /** As DescribeTasks tells it. */
  view(): Task {
    const { id, arn, taskSetId, definition, privateIp } = this.specification;
    const optional = {
      startedAt: this.startedAt,
      stoppedAt: this.stoppedAt,
      stoppedReason: this.stoppedReason,
      stopCode: this.stopCode,
      exitCode: this.exitCode,
    };
    return {
      id,
      arn,
      taskSetId,
      taskDefinitionArn: definition.arn,
      status: this.status,
      createdAt: this.createdAt,
      privateIp,
      lastLogLines: this.container?.lastLogLines() ?? this.lines,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    };
  }

  /** Ends it as the service's scheduler does: out of the target group, drained, then stopped. Asking twice does nothing. */
  stop(reason: string): Promise<void> {
    if (this.status === "STOPPED") return Promise.resolve();
    this.stopping ??= this.end(reason);
    return this.stopping;
  }

  /** Forgets everything that is still to come; the container is the runtime's to end. */
  abandon(): void {
    this.abandoned = true;
    this.cancel();
  }

  private launch(): void {
    const { definition, containerName, containerPort } = this.specification;
    this.status = "PENDING";
    const container = definition.definition.containerDefinitions.find(({ name }) => name === containerName);
    if (!container) return this.failStart(`CannotStartContainerError: there is no container named ${containerName}`);
    const image = this.tools.images.find(container.image);
    if (!image)
      return this.failStart(`CannotPullContainerError: ${container.image} was not found in the local registry`);
    let started: RunningContainer;
    try {
      started = this.tools.runtime.start({
        taskId: this.id,
        image,
        containerPort,
        environment: Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name, value])),
        definition: definition.definition,
        container,
      });
    } catch (error) {
      return this.failStart(`CannotStartContainerError: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.container = started;
    started.listening.then(
      (address) => this.listens(address),
      () => undefined, // It exited: told below.
    );
    void started.exited.then(({ code, signal }) => this.exits(exitCodeOf(code, signal)));
  }

  private listens(address: { readonly host: string; readonly port: number }): void {
    if (this.status !== "PENDING" || this.abandoned) return;
    const { targetGroupArn, privateIp, containerPort } = this.specification;
    this.status = "RUNNING";
    this.startedAt = this.tools.clock.now();
    this.registered = true;
    this.tools.loadBalancer.register(targetGroupArn, { id: privateIp, port: containerPort, address });
    this.listener.running(this);
  }

  private exits(code: number): void {
    this.exitCode = code;
    if (this.stopping || this.abandoned) return;
    // Until ECS notices, the dead task stays in the target group: requests to it fail.
    this.cancel = this.tools.clock.after(this.tools.settings.stoppedTaskDetectionSeconds * 1000, () => {
      void this.deregister();
      this.over("Essential container in task exited", "EssentialContainerExited");
    });
  }

  private async end(reason: string): Promise<void> {
    this.cancel();
    const { definition, containerName } = this.specification;
    const container = definition.definition.containerDefinitions.find(({ name }) => name === containerName);
    this.stoppedReason = reason;
    this.stopCode = "ServiceSchedulerInitiated";
    if (this.registered) {
      this.status = "DEACTIVATING";
      await this.deregister();
    }
    this.status = "STOPPING";
    if (this.container) {
      await this.container.stop(container?.stopTimeout ?? DEFAULT_STOP_TIMEOUT);
      const { code, signal } = await this.container.exited;
      this.exitCode = exitCodeOf(code, signal);
    }
    this.over(reason, "ServiceSchedulerInitiated");
  }

  private failStart(reason: string): void {
    this.over(reason, "TaskFailedToStart");
  }

  private async deregister(): Promise<void> {
    if (!this.registered) return;
    this.registered = false;
    const { targetGroupArn, privateIp } = this.specification;
    const gone = this.tools.loadBalancer.deregister(targetGroupArn, privateIp);
    this.listener.deregistering(this);
    await gone;
  }

  private over(reason: string, code: NonNullable<Task["stopCode"]>): void {
    this.status = "STOPPED";
    this.stoppedAt = this.tools.clock.now();
    this.stoppedReason = reason;
    this.stopCode = code;
    this.lines = this.container?.lastLogLines() ?? [];
    this.container = undefined;
    this.listener.stopped(this);
  }
}

/** As a container runtime tells it: 128 and the signal's number for a process that a signal ended. */
function exitCodeOf(code: number | null, signal: string | null): number {
  if (code !== null) return code;
  const signals: Readonly<Record<string, number>> = constants.signals;
  return 128 + (signals[signal ?? "SIGKILL"] ?? 0);
}
