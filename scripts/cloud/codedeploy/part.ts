import { createHash } from "node:crypto";
import type { DeploymentGroupTemplate, TrafficRouting } from "../template";

/**
 * The statuses of a deployment. Times in this file are simulated milliseconds since the Unix epoch.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
 */
export type DeploymentStatus =
  "Created" | "Queued" | "InProgress" | "Baking" | "Succeeded" | "Failed" | "Stopped" | "Ready";

/** The statuses of a lifecycle event and of a target. */
export type LifecycleEventStatus = "Pending" | "InProgress" | "Succeeded" | "Failed" | "Skipped" | "Unknown";

/** The lifecycle events in their order. Those of the test traffic exist only with a test listener. */
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

/** The name of a lifecycle event. */
export type LifecycleEventName = (typeof LIFECYCLE_EVENTS)[number];

/** A lifecycle event of a deployment and its status. */
export interface LifecycleEvent {
  readonly name: LifecycleEventName;
  readonly status: LifecycleEventStatus;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly diagnostics?: { readonly errorCode: string; readonly message: string };
}

/** One deployment, as GetDeployment and GetDeploymentTarget show it. */
export interface Deployment {
  /** `d-` and nine upper-case letters or digits. */
  readonly id: string;
  readonly status: DeploymentStatus;
  readonly deploymentConfigName: string;
  readonly routing: TrafficRouting;
  /** The deployment group at the creation of the deployment; later changes don't affect it. */
  readonly group: DeploymentGroupTemplate;
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
  /** Absent until the target exists: GetDeploymentTarget throws DeploymentNotStartedException until then. */
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

/** A task set, as the target of a deployment shows it. */
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

/** The input of CreateDeployment, after the checks of its shape. */
export interface CreateDeploymentInput {
  readonly appSpec: { readonly content: string; readonly sha256?: string };
  readonly deploymentConfigName?: string;
  readonly description?: string;
  /** Replaces the group's alarms for this deployment (overrideAlarmConfiguration). */
  readonly alarms?: {
    readonly enabled: boolean;
    readonly names: readonly string[];
    readonly ignorePollAlarmFailure: boolean;
  };
  /** Replaces the group's rollback settings for this deployment (autoRollbackConfiguration). */
  readonly autoRollback?: { readonly enabled: boolean; readonly events: readonly string[] };
}

/** The only deployment group and its deployments. */
export interface CodeDeployPart {
  /** The deployment group for new deployments. */
  group(): DeploymentGroupTemplate;
  /** Replaces the group's settings. A running deployment keeps those from its creation. */
  updateGroup(group: DeploymentGroupTemplate): void;
  /**
   * Creates a deployment.
   * @throws AwsError DeploymentLimitExceededException, InvalidRevisionException, AlarmsLimitExceededException, …
   */
  create(input: CreateDeploymentInput): Deployment;
  deployment(id: string): Deployment | undefined;
  /** All deployments since the start of the cloud, newest first. */
  deployments(): readonly Deployment[];
  /**
   * Stops a deployment. With a rollback the result is Pending, otherwise Succeeded.
   * @param autoRollback whether it rolls back; when undefined, the deployment group decides
   * @throws AwsError DeploymentDoesNotExistException, DeploymentAlreadyCompletedException
   */
  stop(
    id: string,
    autoRollback: boolean | undefined,
  ): { readonly status: "Pending" | "Succeeded"; readonly message: string };
  /**
   * Ends a wait before its timeout.
   * @throws AwsError DeploymentDoesNotExistException, DeploymentAlreadyCompletedException,
   *   DeploymentIsNotInReadyStateException when the deployment is not in that wait
   */
  continue(id: string, wait: "READY_WAIT" | "TERMINATION_WAIT"): void;
  /** Takes the result of a hook. @throws AwsError InvalidLifecycleEventHookExecutionIdException … */
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
