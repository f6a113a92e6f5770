import type { TaskDefinitionTemplate } from "../template";

/** A registered revision of a task definition. Times in this file are simulated milliseconds since the Unix epoch. */
export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly status: "ACTIVE" | "INACTIVE";
  readonly registeredAt: number;
  readonly definition: TaskDefinitionTemplate;
}

/**
 * The statuses of a task, in their order. Source:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
export type TaskStatus = "PROVISIONING" | "PENDING" | "RUNNING" | "DEACTIVATING" | "STOPPING" | "STOPPED";

/** One task, as DescribeTasks shows it. */
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

/** What a new task set is made of. */
export interface NewTaskSet {
  readonly taskDefinitionArn: string;
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly startedBy: string;
  /** The deployment's id, for a task set that CodeDeploy created. */
  readonly externalId?: string;
  readonly settings: TaskSetSettings;
}

/**
 * One task set, as DescribeTaskSets shows it. Source:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
 */
export interface TaskSet extends NewTaskSet {
  /** `ecs-svc/` and digits. */
  readonly id: string;
  readonly arn: string;
  readonly status: "PRIMARY" | "ACTIVE" | "DRAINING";
  /** Percent of the service's desired count. */
  readonly scale: number;
  readonly desiredCount: number;
  readonly pendingCount: number;
  readonly runningCount: number;
  /** STEADY_STATE when all desired tasks run and are healthy in the target group. */
  readonly stability: "STEADY_STATE" | "STABILIZING";
  /** When `stability` last changed. */
  readonly stabilityAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The settings of a task set that an appspec may have; absent ones come from the service. */
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
  /** Finds a revision by ARN, `family:revision` or `family` (its newest active revision). */
  taskDefinition(reference: string): TaskDefinitionRecord | undefined;
  taskDefinitions(): readonly TaskDefinitionRecord[];
  desiredCount(): number;
  /** Changes the desired count, as UpdateService does. @throws AwsError InvalidParameterException */
  setDesiredCount(count: number): void;
  /** The existing task sets, the PRIMARY one first. */
  taskSets(): readonly TaskSet[];
  taskSet(id: string): TaskSet | undefined;
  /** Running and recently stopped tasks, newest last. */
  tasks(): readonly Task[];
  /** The service events, newest first. */
  events(): readonly ServiceEvent[];
  /** Creates an ACTIVE task set. @throws AwsError ClientException, InvalidParameterException */
  createTaskSet(input: NewTaskSet): TaskSet;
  /** Makes a task set PRIMARY, and the previous PRIMARY one ACTIVE. */
  setPrimary(taskSetId: string): void;
  /**
   * Starts to delete a task set: it becomes DRAINING with scale 0, its targets are deregistered, then its tasks stop. A
   * second call does nothing.
   * @throws AwsError TaskSetNotFoundException, InvalidParameterException for the PRIMARY one
   */
  deleteTaskSet(taskSetId: string): void;
  /** Resolves when a task set that is being deleted no longer exists; at once for an unknown one. */
  taskSetGone(taskSetId: string): Promise<void>;
}
