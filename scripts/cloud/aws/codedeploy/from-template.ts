import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  AutoRollbackEvent,
  BlueGreenDeploymentConfiguration,
  ComputePlatform,
  DeploymentGroupInfo,
  DeploymentStyle,
  LoadBalancerInfo,
  TriggerEventType,
} from "@aws-sdk/client-codedeploy";
import { randomUUID } from "node:crypto";
import type { DeploymentGroupTemplate, Template } from "../../template";
import { deploymentConfigInfo } from "./predefined-configs";
import { CodeDeployRegistry } from "./registry";

/** The style of every deployment to ECS. The other styles are for servers. */
export const DEPLOYMENT_STYLE: DeploymentStyle = {
  deploymentType: "BLUE_GREEN",
  deploymentOption: "WITH_TRAFFIC_CONTROL",
};

/**
 * The registry of an account to which the stacks have been deployed.
 * @param createdAt simulated milliseconds since the Unix epoch
 */
export function registryOf(template: Template, createdAt: number): CodeDeployRegistry {
  const registry = new CodeDeployRegistry();
  const { application, deploymentGroup, deploymentConfigs } = template;
  const computePlatform = application.computePlatform as ComputePlatform;
  const createTime = new Date(createdAt);
  for (const { name, routing } of deploymentConfigs) {
    registry.addConfig(name, { ...deploymentConfigInfo(name, routing), deploymentConfigId: randomUUID(), createTime });
  }
  registry.addApplication(application.name, {
    applicationId: randomUUID(),
    createTime,
    linkedToGitHub: false,
    computePlatform,
  });
  registry.addGroup(application.name, deploymentGroup.name, groupInfo(deploymentGroup, computePlatform));
  return registry;
}

function groupInfo(group: DeploymentGroupTemplate, computePlatform: ComputePlatform): DeploymentGroupInfo {
  return {
    deploymentGroupId: randomUUID(),
    deploymentConfigName: group.deploymentConfigName,
    serviceRoleArn: group.serviceRoleArn,
    alarmConfiguration: alarmConfiguration(group.alarms),
    autoRollbackConfiguration: autoRollbackConfiguration(group.autoRollback),
    deploymentStyle: DEPLOYMENT_STYLE,
    blueGreenDeploymentConfiguration: blueGreenConfiguration(group),
    loadBalancerInfo: loadBalancerInfo(group),
    computePlatform,
    ecsServices: [{ serviceName: group.serviceName, clusterName: group.clusterName }],
    triggerConfigurations: group.triggers.map(({ name, targetArn, events }) => ({
      triggerName: name,
      triggerTargetArn: targetArn,
      triggerEvents: [...events] as TriggerEventType[],
    })),
  };
}

/** The alarms of a group as CodeDeploy returns them. */
export function alarmConfiguration(alarms: DeploymentGroupTemplate["alarms"]): AlarmConfiguration {
  return {
    enabled: alarms.enabled,
    ignorePollAlarmFailure: alarms.ignorePollAlarmFailure,
    alarms: alarms.names.map((name) => ({ name })),
  };
}

/** The rollback settings of a group as CodeDeploy returns them. */
export function autoRollbackConfiguration(
  autoRollback: DeploymentGroupTemplate["autoRollback"],
): AutoRollbackConfiguration {
  return { enabled: autoRollback.enabled, events: [...autoRollback.events] as AutoRollbackEvent[] };
}

/** The waits before the traffic shift and before the end of the old task set, as CodeDeploy returns them. */
export function blueGreenConfiguration(group: DeploymentGroupTemplate): BlueGreenDeploymentConfiguration {
  return {
    terminateBlueInstancesOnDeploymentSuccess: {
      action: "TERMINATE",
      terminationWaitTimeInMinutes: group.terminationWaitMinutes,
    },
    deploymentReadyOption:
      group.readyWaitMinutes === undefined
        ? { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 0 }
        : { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: group.readyWaitMinutes },
  };
}

/** The target groups and listeners of a group as CodeDeploy returns them. */
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
