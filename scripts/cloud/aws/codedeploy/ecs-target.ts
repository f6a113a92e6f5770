import type { DeploymentTarget as WireTarget, LifecycleEvent as WireEvent } from "@aws-sdk/client-codedeploy";
import { AwsError } from "../../aws-error";
import type { DeploymentTarget, LifecycleEvent } from "../../codedeploy/part";
import type { AwsBackend } from "../operation";

/**
 * The target of a deployment as GetDeploymentTarget returns it.
 * @throws AwsError DeploymentTargetDoesNotExistException when `targetId` is not the target's id
 */
export function ecsTarget(
  deploymentId: string,
  targetId: string,
  target: DeploymentTarget,
  { template }: AwsBackend,
): WireTarget {
  if (targetId !== target.id) {
    throw new AwsError(
      "DeploymentTargetDoesNotExistException",
      `The deployment target ${targetId} does not exist in the deployment ${deploymentId}`,
    );
  }
  return {
    deploymentTargetType: "ECSTarget",
    ecsTarget: {
      deploymentId,
      targetId: target.id,
      targetArn: template.service.arn,
      lastUpdatedAt: new Date(target.updatedAt),
      lifecycleEvents: target.lifecycleEvents.map(lifecycleEvent),
      status: target.status,
      taskSetsInfo: target.taskSets.map((taskSet) => ({
        // AWS spells it this way: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ECSTaskSet.html.
        identifer: taskSet.id,
        desiredCount: taskSet.desiredCount,
        pendingCount: taskSet.pendingCount,
        runningCount: taskSet.runningCount,
        status: taskSet.status,
        trafficWeight: taskSet.trafficWeight,
        targetGroup: { name: taskSet.targetGroupName },
        taskSetLabel: taskSet.label,
      })),
    },
  };
}

function lifecycleEvent({ name, status, startedAt, endedAt, diagnostics }: LifecycleEvent): WireEvent {
  return {
    lifecycleEventName: name,
    status,
    startTime: startedAt === undefined ? undefined : new Date(startedAt),
    endTime: endedAt === undefined ? undefined : new Date(endedAt),
    diagnostics: diagnostics as WireEvent["diagnostics"],
  };
}
