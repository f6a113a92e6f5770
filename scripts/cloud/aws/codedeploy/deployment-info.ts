import type { DeploymentInfo, DeploymentOverview } from "@aws-sdk/client-codedeploy";
import type { Deployment } from "../../codedeploy/part";
import type { AwsBackend } from "../operation";
import {
  alarmConfiguration,
  autoRollbackConfiguration,
  blueGreenConfiguration,
  DEPLOYMENT_STYLE,
  loadBalancerInfo,
} from "./from-template";
import { revisionOf } from "./revision";

/** A deployment as GetDeployment returns it. */
export function deploymentInfo(deployment: Deployment, { template, requests }: AwsBackend): DeploymentInfo {
  const { group } = deployment;
  const request = requests.get(deployment.id);
  const autoRollback =
    request?.autoRollback ?? (deployment.creator === "user" ? group.autoRollback : { enabled: false, events: [] });
  return {
    applicationName: template.application.name,
    deploymentGroupName: group.name,
    deploymentConfigName: deployment.deploymentConfigName,
    deploymentId: deployment.id,
    revision: revisionOf(deployment),
    status: deployment.status,
    errorInformation: deployment.errorInformation as DeploymentInfo["errorInformation"],
    createTime: new Date(deployment.createdAt),
    startTime: dateOf(deployment.startedAt),
    completeTime: dateOf(deployment.completedAt),
    deploymentOverview: overviewOf(deployment),
    description: deployment.description,
    creator: deployment.creator,
    ignoreApplicationStopFailures: false,
    updateOutdatedInstancesOnly: false,
    autoRollbackConfiguration: autoRollbackConfiguration(autoRollback),
    rollbackInfo: deployment.rollbackInfo,
    deploymentStyle: DEPLOYMENT_STYLE,
    instanceTerminationWaitTimeStarted: isWaitingForTermination(deployment),
    blueGreenDeploymentConfiguration: blueGreenConfiguration(group),
    loadBalancerInfo: loadBalancerInfo(group),
    computePlatform: template.application.computePlatform as DeploymentInfo["computePlatform"],
    ...(request?.alarms && { overrideAlarmConfiguration: alarmConfiguration(request.alarms) }),
  };
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

/** The number of targets by status. CodeDeploy returns it only when the deployment has ended. */
function overviewOf({ status, target }: Deployment): DeploymentOverview | undefined {
  if (status !== "Succeeded" && status !== "Failed" && status !== "Stopped") return undefined;
  const overview = { Pending: 0, InProgress: 0, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0 };
  if (target && target.status !== "Unknown") overview[target.status] += 1;
  return overview;
}

/** True when the wait before the termination of the old task set has begun: after the last lifecycle event. */
function isWaitingForTermination({ creator, target }: Deployment): boolean {
  return creator === "user" && target?.lifecycleEvents.at(-1)?.status === "Succeeded";
}
