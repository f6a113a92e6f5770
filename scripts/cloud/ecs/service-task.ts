import { constants } from "node:os";
import { messageOf } from "../../command/error-message";
import type { Cancel, Clock } from "../clock";
import type { Faults } from "../faults";
import type { LoadBalancerPart, Target } from "../load-balancer/part";
import type { CloudSettings } from "../settings";
import type { ImagesPart, RunningContainer, TaskRuntime } from "../tasks/part";
import type { Task, TaskDefinitionRecord, TaskStatus } from "./part";

/** Dependencies of a task. */
export interface TaskDependencies {
  readonly clock: Clock;
  readonly settings: Pick<CloudSettings, "provisioningSeconds" | "stoppedTaskDetectionSeconds">;
  readonly images: ImagesPart;
  readonly runtime: TaskRuntime;
  readonly faults: Pick<Faults, "of">;
  readonly loadBalancer: Pick<LoadBalancerPart, "register" | "deregister">;
}

/** The properties of a task that do not change. */
export interface TaskSpecification {
  readonly id: string;
  readonly arn: string;
  readonly taskSetId: string;
  readonly definition: TaskDefinitionRecord;
  readonly targetGroupArn: string;
  /** The container behind the load balancer. It is the only one that the local cloud runs. */
  readonly containerName: string;
  readonly containerPort: number;
  readonly privateIp: string;
}

/** The events of a task that its task set observes. */
export interface TaskObserver {
  /** The task runs and is registered in the target group. */
  running(task: ServiceTask): void;
  /** The task is being deregistered from the target group. */
  deregistering(task: ServiceTask): void;
  /** The task has stopped. */
  stopped(task: ServiceTask): void;
}

/**
 * ECS's default for a container without a stopTimeout, in seconds.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
const DEFAULT_STOP_TIMEOUT = 30;

/** The exit code of a task that a fault ends. */
const FAULT_EXIT_CODE = 1;

/**
 * One task, from PROVISIONING to STOPPED. It is PENDING until its container listens, which can be observed of a
 * process. In ECS a task is RUNNING as soon as its container has started.
 */
export class ServiceTask {
  readonly createdAt: number;
  private status: TaskStatus = "PROVISIONING";
  private imageDigest: string | undefined;
  private container: RunningContainer | undefined;
  private registered = false;
  /** Lines after those of the container; when the task has stopped, all of them. */
  private lines: readonly string[] = [];
  private startedAt: number | undefined;
  private stoppedAt: number | undefined;
  private stoppedReason: string | undefined;
  private stopCode: Task["stopCode"];
  private exitCode: number | undefined;
  private stopping: Promise<void> | undefined;
  private abandoned = false;
  private endedByFault = false;
  private cancel: Cancel;
  /** Ends the timer of the fault `exit`. */
  private cancelExit: Cancel = () => undefined;

  constructor(
    readonly specification: TaskSpecification,
    private readonly dependencies: TaskDependencies,
    private readonly observer: TaskObserver,
  ) {
    this.createdAt = dependencies.clock.now();
    this.cancel = dependencies.clock.after(dependencies.settings.provisioningSeconds * 1000, () => this.launch());
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

  /** Whether the task stopped by itself before it ran. */
  get failedToStart(): boolean {
    return this.status === "STOPPED" && this.startedAt === undefined && this.stopCode !== "ServiceSchedulerInitiated";
  }

  /** The task, as DescribeTasks shows it. */
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
      lastLogLines: this.logLines(),
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    };
  }

  /**
   * Stops the task as ECS's scheduler does: it is deregistered and drained, then its container stops. A second call
   * returns the same promise.
   */
  stop(reason: string): Promise<void> {
    if (this.status === "STOPPED") return Promise.resolve();
    this.stopping ??= this.deregisterAndStop(reason);
    return this.stopping;
  }

  /** Ends the task's timers; later events are ignored. The runtime stops the container. */
  abandon(): void {
    this.abandoned = true;
    this.cancel();
    this.cancelExit();
  }

  /** Plays the fault `exit` of the task's image, if it has one. To be called when it listens and when faults change. */
  applyFault(): void {
    const { clock, faults } = this.dependencies;
    const fault = faults.of(this.imageDigest);
    this.cancelExit();
    if (fault?.kind !== "exit" || this.startedAt === undefined || this.container === undefined) return;
    const at = this.startedAt + (fault.afterSeconds ?? 0) * 1000;
    this.cancelExit = clock.after(at - clock.now(), () => {
      this.endByFault(fault.kind);
      this.container?.kill();
    });
  }

  private launch(): void {
    const { definition, containerName, containerPort } = this.specification;
    this.status = "PENDING";
    const container = definition.definition.containerDefinitions.find(({ name }) => name === containerName);
    if (!container) return this.failStart(`CannotStartContainerError: there is no container named ${containerName}`);
    const image = this.dependencies.images.find(container.image);
    if (!image)
      return this.failStart(`CannotPullContainerError: ${container.image} was not found in the local registry`);
    this.imageDigest = image.digest;
    if (this.dependencies.faults.of(image.digest)?.kind === "broken-start") {
      this.endByFault("broken-start");
      this.onExit(FAULT_EXIT_CODE);
      return;
    }
    let started: RunningContainer;
    try {
      started = this.dependencies.runtime.start({
        taskId: this.id,
        image,
        containerPort,
        environment: Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name, value])),
        definition: definition.definition,
        container,
      });
    } catch (error) {
      return this.failStart(`CannotStartContainerError: ${messageOf(error)}`);
    }
    this.container = started;
    started.listening.then(
      (address) => this.onListening(address, image.digest),
      () => undefined, // The program exited, which `exited` handles.
    );
    void started.exited.then((exit) => this.onExit(this.exitCodeOf(exit)));
  }

  private onListening(address: Target["address"], imageDigest: string): void {
    if (this.status !== "PENDING" || this.abandoned) return;
    const { targetGroupArn, privateIp, containerPort } = this.specification;
    this.status = "RUNNING";
    this.startedAt = this.dependencies.clock.now();
    this.registered = true;
    const task = { id: this.id, imageDigest };
    this.dependencies.loadBalancer.register(targetGroupArn, { id: privateIp, port: containerPort, address, task });
    this.observer.running(this);
    this.applyFault();
  }

  private onExit(code: number): void {
    this.exitCode = code;
    if (this.stopping || this.abandoned) return;
    // Until ECS notices the exit, the task stays in the target group, and requests to it fail.
    this.cancel = this.dependencies.clock.after(this.dependencies.settings.stoppedTaskDetectionSeconds * 1000, () => {
      void this.deregister();
      this.setStopped("Essential container in task exited", "EssentialContainerExited");
    });
  }

  private async deregisterAndStop(reason: string): Promise<void> {
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
      this.exitCode = this.exitCodeOf(await this.container.exited);
    }
    this.setStopped(reason, "ServiceSchedulerInitiated");
  }

  private failStart(reason: string): void {
    this.setStopped(reason, "TaskFailedToStart");
  }

  private async deregister(): Promise<void> {
    if (!this.registered) return;
    this.registered = false;
    const { targetGroupArn, privateIp } = this.specification;
    const gone = this.dependencies.loadBalancer.deregister(targetGroupArn, privateIp);
    this.observer.deregistering(this);
    await gone;
  }

  private setStopped(reason: string, code: NonNullable<Task["stopCode"]>): void {
    this.status = "STOPPED";
    this.stoppedAt = this.dependencies.clock.now();
    this.stoppedReason = reason;
    this.stopCode = code;
    this.cancelExit();
    this.lines = this.logLines();
    this.container = undefined;
    this.observer.stopped(this);
  }

  private logLines(): readonly string[] {
    return [...(this.container?.lastLogLines() ?? []), ...this.lines];
  }

  private endByFault(fault: string): void {
    this.endedByFault = true;
    this.lines = [`local cloud: the fault ${fault} of this version ended the task with exit code ${FAULT_EXIT_CODE}`];
  }

  private exitCodeOf(exit: Awaited<RunningContainer["exited"]>): number {
    return this.endedByFault ? FAULT_EXIT_CODE : exitCodeOf(exit.code, exit.signal);
  }
}

/** The exit code as a container runtime reports it: 128 plus the signal's number for a process that a signal ended. */
function exitCodeOf(code: number | null, signal: string | null): number {
  if (code !== null) return code;
  const signals: Readonly<Record<string, number>> = constants.signals;
  return 128 + (signals[signal ?? "SIGKILL"] ?? 0);
}
