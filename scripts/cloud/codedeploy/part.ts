import { createHash } from "node:crypto";
import type { DeploymentGroupTemplate, TrafficRouting } from "../template";

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

/** The hash by which CodeDeploy knows an appspec (`AppSpecContent.sha256`), as lower-case hex digits. */
export function sha256Of(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
