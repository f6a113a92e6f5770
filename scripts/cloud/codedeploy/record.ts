import {
  type Deployment,
  type DeploymentStatus,
  LIFECYCLE_EVENTS,
  type LifecycleEvent,
  type LifecycleEventName,
  type LifecycleEventStatus,
} from "./part";
import type { TaskSetPair, TaskSetView } from "./task-sets";

/** The properties of a deployment that do not change. */
export type DeploymentFacts = Pick<
  Deployment,
  "id" | "group" | "creator" | "description" | "deploymentConfigName" | "routing" | "appSpec" | "createdAt"
>;

const TEST_TRAFFIC_EVENTS: readonly LifecycleEventName[] = ["AllowTestTraffic", "AfterAllowTestTraffic"];

/** The data of one deployment that GetDeployment and GetDeploymentTarget show. Times are those of the cloud's clock. */
export class DeploymentRecord {
  status: DeploymentStatus = "Created";
  startedAt?: number;
  completedAt?: number;
  errorInformation?: Deployment["errorInformation"];
  rollbackInfo?: Deployment["rollbackInfo"];
  /** Set when the deployment starts; until then it has no target. */
  pair?: TaskSetPair;
  private updatedAt: number;
  private events: readonly LifecycleEvent[];

  constructor(
    readonly facts: DeploymentFacts,
    testListener: boolean,
    private readonly targetId: string,
    private readonly taskSets: TaskSetView,
  ) {
    this.updatedAt = facts.createdAt;
    this.events = LIFECYCLE_EVENTS.filter((name) => testListener || !TEST_TRAFFIC_EVENTS.includes(name)).map(
      (name) => ({ name, status: "Pending" }),
    );
  }

  /** Changes a lifecycle event's status at `now`. */
  mark(
    name: LifecycleEventName,
    status: LifecycleEventStatus,
    now: number,
    diagnostics?: LifecycleEvent["diagnostics"],
  ): void {
    this.updatedAt = now;
    this.events = this.events.map((event) => {
      if (event.name !== name) return event;
      const running = status === "InProgress" ? { startedAt: now } : {};
      const ended = event.status === "InProgress" && status !== "InProgress" ? { endedAt: now } : {};
      return { ...event, status, ...running, ...ended, ...(diagnostics && { diagnostics }) };
    });
  }

  /** Changes all Pending lifecycle events to Skipped. */
  skipPending(now: number): void {
    for (const { name, status } of this.events) if (status === "Pending") this.mark(name, "Skipped", now);
  }

  /** Keeps the current data of the task sets: later changes of them are not shown. */
  freeze(): void {
    if (this.pair) this.taskSets.freeze(this.pair);
  }

  /** Records a change of the target at `now`. */
  touch(now: number): void {
    this.updatedAt = now;
  }

  /** The current state of the deployment. */
  snapshot(): Deployment {
    const { startedAt, completedAt, errorInformation, rollbackInfo } = this;
    return {
      ...this.facts,
      status: this.status,
      ...(startedAt !== undefined && { startedAt }),
      ...(completedAt !== undefined && { completedAt }),
      ...(errorInformation && { errorInformation }),
      ...(rollbackInfo && { rollbackInfo }),
      ...(this.startedAt !== undefined && {
        target: {
          id: this.targetId,
          status: this.targetStatus(),
          updatedAt: this.updatedAt,
          lifecycleEvents: this.events,
          taskSets: this.pair ? this.taskSets.show(this.pair) : [],
        },
      }),
    };
  }

  /**
   * The status of the target. It is Succeeded as soon as the last lifecycle event is, while the deployment is still
   * InProgress in its termination wait.
   * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/create-blue-green.html (get-deployment-target)
   */
  private targetStatus(): LifecycleEventStatus {
    if (this.status === "Failed" || this.status === "Stopped") return "Failed";
    return this.status === "Succeeded" || this.events.at(-1)?.status === "Succeeded" ? "Succeeded" : "InProgress";
  }
}
