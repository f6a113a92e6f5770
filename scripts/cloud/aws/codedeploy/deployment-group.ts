import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  AutoRollbackEvent,
  BlueGreenDeploymentConfiguration,
  DeploymentGroupInfo,
  DeploymentStyle,
  LastDeploymentInfo,
  LoadBalancerInfo,
} from "@aws-sdk/client-codedeploy";
import { AwsError, type Deployment } from "../../parts";
import type { DeploymentGroupTemplate } from "../../template";
import type { Cloud } from "../operation";
import { revisionOf } from "./revision";

/** Every ECS deployment is one: the other styles are for servers. */
export const DEPLOYMENT_STYLE: DeploymentStyle = {
  deploymentType: "BLUE_GREEN",
  deploymentOption: "WITH_TRAFFIC_CONTROL",
};

/** Makes sure that the group is the one there is. @throws AwsError DeploymentGroupDoesNotExistException */
export function requireDeploymentGroup(name: string, { template }: Cloud): void {
  if (name === template.deploymentGroup.name) return;
  throw new AwsError("DeploymentGroupDoesNotExistException", `No Deployment Group found for name: ${name}`);
}

/** The deployment group with all its settings, as CodeDeploy describes it. */
export function deploymentGroupInfo({ template, parts }: Cloud): DeploymentGroupInfo {
  const group = template.deploymentGroup;
  const deployments = parts.codeDeploy.deployments();
  const [lastAttempted] = deployments;
  const lastSuccessful = deployments.find(({ status }) => status === "Succeeded");
  return {
    applicationName: template.application.name,
    deploymentGroupName: group.name,
    deploymentConfigName: group.deploymentConfigName,
    serviceRoleArn: group.serviceRoleArn,
    targetRevision: lastSuccessful && revisionOf(lastSuccessful),
    alarmConfiguration: alarmConfiguration(group.alarms),
    autoRollbackConfiguration: autoRollbackConfiguration(group.autoRollback),
    deploymentStyle: DEPLOYMENT_STYLE,
    blueGreenDeploymentConfiguration: blueGreenConfiguration(group),
    loadBalancerInfo: loadBalancerInfo(group),
    lastSuccessfulDeployment: lastSuccessful && lastDeployment(lastSuccessful),
    lastAttemptedDeployment: lastAttempted && lastDeployment(lastAttempted),
    computePlatform: template.application.computePlatform as DeploymentGroupInfo["computePlatform"],
    ecsServices: [{ serviceName: group.serviceName, clusterName: group.clusterName }],
  };
}

function lastDeployment({ id, status, completedAt, createdAt }: Deployment): LastDeploymentInfo {
  return {
    deploymentId: id,
    status,
    endTime: completedAt === undefined ? undefined : new Date(completedAt),
    createTime: new Date(createdAt),
  };
}

/** Alarms as CodeDeploy describes them. */
export function alarmConfiguration(alarms: DeploymentGroupTemplate["alarms"]): AlarmConfiguration {
  return {
    enabled: alarms.enabled,
    ignorePollAlarmFailure: alarms.ignorePollAlarmFailure,
    alarms: alarms.names.map((name) => ({ name })),
  };
}

/** Rollback settings as CodeDeploy describes them. */
export function autoRollbackConfiguration(
  autoRollback: DeploymentGroupTemplate["autoRollback"],
): AutoRollbackConfiguration {
  return { enabled: autoRollback.enabled, events: [...autoRollback.events] as AutoRollbackEvent[] };
}

/** What happens to the old task set. The local cloud reroutes as soon as the new one is ready. */
export function blueGreenConfiguration(group: DeploymentGroupTemplate): BlueGreenDeploymentConfiguration {
  return {
    terminateBlueInstancesOnDeploymentSuccess: {
      action: "TERMINATE",
      terminationWaitTimeInMinutes: group.terminationWaitMinutes,
    },
    deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 0 },
  };
}

/** Target groups and listeners as CodeDeploy describes them. */
export function loadBalancerInfo(group: DeploymentGroupTemplate): LoadBalancerInfo {
  return {
    targetGroupPairInfoList: [
      {
        targetGroups: group.targetGroupNames.map((name) => ({ name })),
        prodTrafficRoute: { listenerArns: [...group.productionListenerArns] },
        ...(group.testListenerArns.length > 0 && {
          testTrafficRoute: { listenerArns: [...group.testListenerArns] },
        }),
      },
    ],
  };
}
