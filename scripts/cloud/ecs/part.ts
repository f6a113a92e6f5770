import type { TaskDefinitionTemplate } from "../template";

/** A registered revision. */
export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly status: "ACTIVE" | "INACTIVE";
  readonly registeredAt: number;
  readonly definition: TaskDefinitionTemplate;
}

/** The statuses of a task, in their order. */
export type TaskStatus = "PROVISIONING" | "PENDING" | "RUNNING" | "DEACTIVATING" | "STOPPING" | "STOPPED";

/** One task, as DescribeTasks tells it. */
export interface Task {
  readonly id: string;
  readonly arn: string;
  readonly taskSetId: string;
  readonly taskDefinitionArn: string;
  readonly status: TaskStatus;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  /** e.g. "Essential container in task exited". */
  readonly stoppedReason?: string;
  readonly stopCode?: "EssentialContainerExited" | "TaskFailedToStart" | "ServiceSchedulerInitiated";
  readonly exitCode?: number;
  readonly privateIp?: string;
  readonly lastLogLines: readonly string[];
}

/** One task set, as DescribeTaskSets tells it. */
export interface TaskSet {
  /** `ecs-svc/` and digits. */
  readonly id: string;
  readonly arn: string;
  readonly status: "PRIMARY" | "ACTIVE" | "DRAINING";
  readonly taskDefinitionArn: string;
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly startedBy: string;
  /** The deployment's id, for a task set made by CodeDeploy. */
  readonly externalId?: string;
  /** Percent of the service's desired count. */
  readonly scale: number;
  readonly desiredCount: number;
  readonly pendingCount: number;
  readonly runningCount: number;
  /** STEADY_STATE when all desired tasks run and are healthy in the target group. */
  readonly stability: "STEADY_STATE" | "STABILIZING";
  /** Since when. */
  readonly stabilityAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly settings: TaskSetSettings;
}

/** What an appspec may set on the replacement task set; absent parts come from the service. */
export interface TaskSetSettings {
  readonly platformVersion?: string;
  readonly networkConfiguration?: unknown;
  readonly capacityProviderStrategy?: readonly {
    readonly capacityProvider: string;
    readonly weight?: number;
    readonly base?: number;
  }[];
}

/** A service event, as DescribeServices lists it. */
export interface ServiceEvent {
  readonly id: string;
  readonly at: number;
  readonly message: string;
}

/** The one service of the cluster: its task definitions, task sets and tasks. */
export interface EcsPart {
  registerTaskDefinition(definition: TaskDefinitionTemplate): TaskDefinitionRecord;
  deregisterTaskDefinition(arn: string): TaskDefinitionRecord | undefined;
  /** Finds by ARN, `family:revision` or `family` (the newest active revision). */
  taskDefinition(reference: string): TaskDefinitionRecord | undefined;
  taskDefinitions(): readonly TaskDefinitionRecord[];
  desiredCount(): number;
  /** UpdateService with the CODE_DEPLOY controller can change little else. */
  setDesiredCount(count: number): void;
  /** Task sets that are not gone, PRIMARY first. */
  taskSets(): readonly TaskSet[];
  taskSet(id: string): TaskSet | undefined;
  /** Running and recently stopped tasks, newest last. */
  tasks(): readonly Task[];
  /** Newest first. */
  events(): readonly ServiceEvent[];
  createTaskSet(input: {
    readonly taskDefinitionArn: string;
    readonly targetGroupArn: string;
    readonly containerName: string;
    readonly containerPort: number;
    readonly startedBy: string;
    readonly externalId?: string;
    readonly settings: TaskSetSettings;
  }): TaskSet;
  /** Makes it PRIMARY and the former PRIMARY one ACTIVE. */
  setPrimary(taskSetId: string): void;
  /**
   * Begins to delete it: DRAINING, scale 0, its targets deregistered, then its tasks stopped. Asking twice does nothing.
   * @throws AwsError TaskSetNotFoundException, InvalidParameterException for the PRIMARY one
   */
  deleteTaskSet(taskSetId: string): void;
  /** Resolves when a task set that is being deleted is gone; at once for one that is not there. */
  taskSetGone(taskSetId: string): Promise<void>;
}
