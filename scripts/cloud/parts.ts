/**
 * The contracts between the rooms of the local cloud. Each room implements its own and sees the others only through
 * these. All times are simulated milliseconds since the Unix epoch unless a unit is named.
 */
import type {
  AlarmTemplate,
  ContainerDefinition,
  DeploymentGroupTemplate,
  MetricQuery,
  TaskDefinitionTemplate,
  TrafficRouting,
  WeightedTargetGroup,
} from "./template";

// ---- load balancer ---------------------------------------------------------------------------------------------

/** A task behind a target group: how AWS names it, and where it really listens. */
export interface Target {
  /** Private IPv4 address, as DescribeTargetHealth shows it. */
  readonly id: string;
  readonly port: number;
  /** Where the process or container listens on this machine. */
  readonly address: { readonly host: string; readonly port: number };
}

/** How a registered target stands. */
export type TargetHealthState = "initial" | "healthy" | "unhealthy" | "draining";

/** A registered target and how it stands. */
export interface TargetHealth {
  readonly target: Target;
  readonly state: TargetHealthState;
  /** Reason code as ELB names it: Elb.RegistrationInProgress, Target.ResponseCodeMismatch, Target.Timeout, Target.FailedHealthChecks, Target.DeregistrationInProgress. */
  readonly reason?: string;
  readonly description?: string;
}

/** The load balancer. It throws AwsError for a listener or target group that it does not have. */
export interface LoadBalancerPart {
  /** Base URL on this machine of a listener, e.g. http://127.0.0.1:40123. */
  url(listenerArn: string): string;
  forward(listenerArn: string): readonly WeightedTargetGroup[];
  setForward(listenerArn: string, forward: readonly WeightedTargetGroup[]): void;
  register(targetGroupArn: string, target: Target): void;
  /** Starts draining; resolves when the target is gone: the deregistration delay has passed. */
  deregister(targetGroupArn: string, targetId: string): Promise<void>;
  health(targetGroupArn: string): readonly TargetHealth[];
}

// ---- metrics and alarms ----------------------------------------------------------------------------------------

/** One visible bucket of a metric. */
export interface Datapoint {
  /** Start of the bucket. */
  readonly at: number;
  readonly value: number;
  readonly sampleCount: number;
}

/** The store of metrics. */
export interface MetricsPart {
  /** Adds one sample at the clock's now. */
  put(sample: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly value: number;
  }): void;
  /**
   * One datapoint for each period that has data which is already published, oldest first.
   * @param boundaries where periods begin and end, oldest first: n + 1 boundaries are n periods
   */
  read(query: MetricQuery, boundaries: readonly number[]): readonly Datapoint[];
  list(): readonly {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
  }[];
}

/** The states of an alarm. */
export type AlarmStateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** An alarm and the state it is in. */
export interface AlarmState {
  readonly template: AlarmTemplate;
  /** When the alarm was made or last changed by PutMetricAlarm. */
  readonly configuredAt: number;
  readonly value: AlarmStateValue;
  readonly reason: string;
  /** JSON, as StateReasonData. */
  readonly reasonData?: string;
  /** Last evaluation or SetAlarmState that changed something. */
  readonly updatedAt: number;
  /** Last change of `value`. */
  readonly transitionedAt: number;
}

/** One change of an alarm's state. */
export interface AlarmTransition {
  readonly alarmName: string;
  readonly at: number;
  readonly from: AlarmStateValue;
  readonly to: AlarmStateValue;
  readonly reason: string;
  /** JSON, as StateReasonData. */
  readonly reasonData?: string;
}

/** The alarms: those of the stacks, and what PutMetricAlarm and DeleteAlarms made of them. */
export interface AlarmsPart {
  all(): readonly AlarmState[];
  state(name: string): AlarmState | undefined;
  /** SetAlarmState: holds until the next evaluation. */
  set(name: string, value: AlarmStateValue, reason: string, reasonData?: string): void;
  /**
   * Makes an alarm, or changes the one of this name, which keeps its state until it is evaluated.
   * @throws Error naming the alarm whose metric, statistic, expression or window can't be evaluated
   */
  put(template: AlarmTemplate): void;
  /** Deletes an alarm; does nothing when there is none of this name. */
  delete(name: string): void;
  history(): readonly AlarmTransition[];
}

// ---- images and tasks ------------------------------------------------------------------------------------------

/** An image in the local registry: what a container started from it runs. */
export interface Image {
  readonly repository: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: number;
  readonly sizeBytes: number;
  /** e.g. linux/amd64 */
  readonly platform: { readonly os: string; readonly architecture: string };
  /** Program and arguments, as the image's entry point; none where the machine's Docker knows them. */
  readonly command: readonly string[];
  /** The id by which this machine's Docker has it, `sha256:` and 64 hex digits; what the docker runtime runs. */
  readonly dockerImage?: string;
  /** The image's own environment (Dockerfile ENV); the task definition's wins. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The registry. */
export interface ImagesPart {
  all(): readonly Image[];
  /** Finds by `url:tag` or `url@sha256:…`. */
  find(reference: string): Image | undefined;
}

/** A running process or container of one task. */
export interface RunningContainer {
  /** Resolves when it listens, with its address; rejects when it exits first. */
  readonly listening: Promise<{ readonly host: string; readonly port: number }>;
  /** Resolves when it has exited. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** The newest lines of its output, newest last. */
  lastLogLines(): readonly string[];
  /** SIGTERM, then SIGKILL after `timeoutSeconds` of simulated time; resolves when it has exited. */
  stop(timeoutSeconds: number): Promise<void>;
}

/** Starts what tasks are made of. */
export interface TaskRuntime {
  /** @throws when the image, or what the task definition asks for, cannot run here */
  start(input: {
    readonly taskId: string;
    readonly image: Image;
    readonly containerPort: number;
    readonly environment: Readonly<Record<string, string>>;
    readonly definition: TaskDefinitionTemplate;
    /** The one of its containers that is to run. */
    readonly container: ContainerDefinition;
  }): RunningContainer;
  /** Kills what is left; resolves when nothing runs any more. */
  close(): Promise<void>;
}

// ---- ECS -------------------------------------------------------------------------------------------------------

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

// ---- CodeDeploy ------------------------------------------------------------------------------------------------

/** The statuses of a deployment. */
export type DeploymentStatus =
  "Created" | "Queued" | "InProgress" | "Baking" | "Succeeded" | "Failed" | "Stopped" | "Ready";
/** The statuses of a lifecycle event and of a target. */
export type LifecycleEventStatus = "Pending" | "InProgress" | "Succeeded" | "Failed" | "Skipped" | "Unknown";

/** In their order; the two of the test traffic only with a test listener. */
export const LIFECYCLE_EVENTS = [
  "BeforeInstall",
  "Install",
  "AfterInstall",
  "AllowTestTraffic",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AllowTraffic",
  "AfterAllowTraffic",
] as const;
/** One of LIFECYCLE_EVENTS. */
export type LifecycleEventName = (typeof LIFECYCLE_EVENTS)[number];

/** One lifecycle event of a deployment, and how far it is. */
export interface LifecycleEvent {
  readonly name: LifecycleEventName;
  readonly status: LifecycleEventStatus;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly diagnostics?: { readonly errorCode: string; readonly message: string };
}

/** One deployment as GetDeployment and GetDeploymentTarget tell it. */
export interface Deployment {
  /** `d-` and nine upper-case letters or digits. */
  readonly id: string;
  readonly status: DeploymentStatus;
  readonly deploymentConfigName: string;
  readonly routing: TrafficRouting;
  /** The deployment group as it was when the deployment was made: a later change of it does not count. */
  readonly group: DeploymentGroupTemplate;
  /** user, or codeDeployRollback. */
  readonly creator: "user" | "codeDeployRollback";
  readonly description?: string;
  readonly appSpec: { readonly content: string; readonly sha256: string };
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly completedAt?: number;
  readonly errorInformation?: { readonly code: string; readonly message: string };
  readonly rollbackInfo?: {
    readonly rollbackDeploymentId?: string;
    readonly rollbackTriggeringDeploymentId?: string;
    readonly rollbackMessage?: string;
  };
  /** Absent until the target exists: GetDeploymentTarget then answers DeploymentNotStartedException. */
  readonly target?: DeploymentTarget;
}

/** The service as the target of one deployment. */
export interface DeploymentTarget {
  /** `cluster:service`. */
  readonly id: string;
  readonly status: LifecycleEventStatus;
  readonly updatedAt: number;
  readonly lifecycleEvents: readonly LifecycleEvent[];
  readonly taskSets: readonly DeploymentTaskSet[];
}

/** A task set as the target of a deployment shows it. */
export interface DeploymentTaskSet {
  readonly id: string;
  readonly label: "Blue" | "Green";
  readonly status: "PRIMARY" | "ACTIVE" | "DRAINING";
  readonly desiredCount: number;
  readonly pendingCount: number;
  readonly runningCount: number;
  /** Percent. */
  readonly trafficWeight: number;
  readonly targetGroupName: string;
}

/** What CreateDeployment takes, checked as far as the wire can. */
export interface CreateDeploymentInput {
  readonly appSpec: { readonly content: string; readonly sha256?: string };
  readonly deploymentConfigName?: string;
  readonly description?: string;
  /** overrideAlarmConfiguration: replaces the group's alarms for this deployment. */
  readonly alarms?: {
    readonly enabled: boolean;
    readonly names: readonly string[];
    readonly ignorePollAlarmFailure: boolean;
  };
  /** autoRollbackConfiguration: replaces the group's for this deployment. */
  readonly autoRollback?: { readonly enabled: boolean; readonly events: readonly string[] };
}

/** A refusal with AWS's error type, e.g. DeploymentLimitExceededException; the wire passes both on. */
export class AwsError extends Error {
  constructor(
    readonly type: string,
    message: string,
    /** HTTP status. */
    readonly status: number = 400,
  ) {
    super(message);
    this.name = "AwsError";
  }
}

/** The deployments of the one deployment group. */
export interface CodeDeployPart {
  /** The deployment group as deployments made from now on follow it. */
  group(): DeploymentGroupTemplate;
  /** Replaces the group's settings. A deployment that runs keeps those that it began with. */
  updateGroup(group: DeploymentGroupTemplate): void;
  /** @throws AwsError DeploymentLimitExceededException, InvalidRevisionException, AlarmsLimitExceededException, … */
  create(input: CreateDeploymentInput): Deployment;
  deployment(id: string): Deployment | undefined;
  /** All since the cloud started, newest first. */
  deployments(): readonly Deployment[];
  /** @throws AwsError DeploymentDoesNotExistException, DeploymentAlreadyCompletedException */
  stop(
    id: string,
    autoRollback: boolean | undefined,
  ): { readonly status: "Pending" | "Succeeded"; readonly message: string };
  /**
   * Ends a wait early.
   * @throws AwsError DeploymentDoesNotExistException, DeploymentAlreadyCompletedException,
   *   DeploymentIsNotInReadyStateException when the deployment is not in that wait
   */
  continue(id: string, wait: "READY_WAIT" | "TERMINATION_WAIT"): void;
  /** @throws AwsError InvalidLifecycleEventHookExecutionIdException … */
  putHookStatus(input: {
    readonly deploymentId: string;
    readonly executionId: string;
    readonly status: "Succeeded" | "Failed";
  }): void;
}

/** Everything the wire serves. */
export interface CloudParts {
  readonly loadBalancer: LoadBalancerPart;
  readonly metrics: MetricsPart;
  readonly alarms: AlarmsPart;
  readonly images: ImagesPart;
  readonly ecs: EcsPart;
  readonly codeDeploy: CodeDeployPart;
}
