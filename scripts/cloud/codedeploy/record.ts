import {
  type Deployment,
  type DeploymentStatus,
  LIFECYCLE_EVENTS,
  type LifecycleEvent,
  type LifecycleEventName,
  type LifecycleEventStatus,
} from "./part";
import type { TaskSetPair, TaskSetView } from "./task-sets";

/** What does not change during a deployment. */
export type DeploymentFacts = Pick<
  Deployment,
  "id" | "group" | "creator" | "description" | "deploymentConfigName" | "routing" | "appSpec" | "createdAt"
>;

const TEST_TRAFFIC_EVENTS: readonly LifecycleEventName[] = ["AllowTestTraffic", "AfterAllowTestTraffic"];

/** What is known of one deployment, as GetDeployment and GetDeploymentTarget tell it. Times are the clock's. */
export class DeploymentRecord {
  status: DeploymentStatus = "Created";
  startedAt?: number;
  completedAt?: number;
  errorInformation?: Deployment["errorInformation"];
  rollbackInfo?: Deployment["rollbackInfo"];
  /** Set when the deployment begins; until then there is no target. */
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

  /** Every event that has not begun will not: Skipped. */
  skipPending(now: number): void {
    for (const { name, status } of this.events) if (status === "Pending") this.mark(name, "Skipped", now);
  }

  /** The task sets are shown as they are now from here on. */
  freeze(): void {
    if (this.pair) this.taskSets.freeze(this.pair);
  }

  /** Notes that something of the target changed at `now`. */
  touch(now: number): void {
    this.updatedAt = now;
  }

  /** The deployment as it is now. */
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
   * The target has succeeded as soon as its last lifecycle event has, while the deployment is still InProgress for the
   * termination wait. Recorded: ECS developer guide, get-deployment-target
   * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/create-blue-green.html).
   */
  private targetStatus(): LifecycleEventStatus {
    if (this.status === "Failed" || this.status === "Stopped") return "Failed";
    return this.status === "Succeeded" || this.events.at(-1)?.status === "Succeeded" ? "Succeeded" : "InProgress";
  }
}
