import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import { AwsError } from "../../aws-error";
import type { DeploymentGroupTemplate, Template } from "../../template";

/**
 * Converts a deployment group from CodeDeploy's API to the template's form, which deployments use.
 * @param info a group with valid settings: see groupSettings and checkGroup
 * @param template the service, target groups and listeners that the group may refer to
 * @throws AwsError InvalidECSServiceException, InvalidTargetGroupPairException, InvalidLoadBalancerInfoException,
 *   InvalidBlueGreenDeploymentConfigurationException when the local cloud does not have or does not support a setting
 */
export function groupTemplateOf(info: DeploymentGroupInfo, template: Template): DeploymentGroupTemplate {
  const [service] = info.ecsServices ?? [];
  const { cluster, service: existing } = template;
  if (service?.clusterName !== cluster.name || service.serviceName !== existing.name) {
    throw new AwsError(
      "InvalidECSServiceException",
      `The local cloud has one ECS service, ${existing.name} of the cluster ${cluster.name}: no other can be deployed to.`,
    );
  }
  const name = info.deploymentGroupName ?? template.deploymentGroup.name;
  return {
    name,
    arn: template.deploymentGroup.arn.replace(/\/[^/]*$/, `/${name}`),
    deploymentConfigName: info.deploymentConfigName ?? template.deploymentGroup.deploymentConfigName,
    serviceRoleArn: info.serviceRoleArn ?? template.deploymentGroup.serviceRoleArn,
    clusterName: cluster.name,
    serviceName: existing.name,
    alarms: {
      enabled: info.alarmConfiguration?.enabled ?? false,
      names: (info.alarmConfiguration?.alarms ?? []).flatMap((alarm) => alarm.name ?? []),
      ignorePollAlarmFailure: info.alarmConfiguration?.ignorePollAlarmFailure ?? false,
    },
    autoRollback: {
      enabled: info.autoRollbackConfiguration?.enabled ?? false,
      events: info.autoRollbackConfiguration?.events ?? [],
    },
    triggers: (info.triggerConfigurations ?? []).map(({ triggerName, triggerTargetArn, triggerEvents }) => ({
      name: triggerName ?? "",
      targetArn: triggerTargetArn ?? "",
      events: triggerEvents ?? [],
    })),
    terminationWaitMinutes: terminationWaitOf(info),
    ...readyWaitOf(info),
    ...loadBalancingOf(info, template),
  };
}

function terminationWaitOf({ blueGreenDeploymentConfiguration: blueGreen }: DeploymentGroupInfo): number {
  const { terminateBlueInstancesOnDeploymentSuccess: terminate } = blueGreen ?? {};
  if (terminate?.action === "KEEP_ALIVE") {
    throw new AwsError(
      "InvalidBlueGreenDeploymentConfigurationException",
      "The local cloud ends the replaced task set after the wait: it does not support KEEP_ALIVE.",
    );
  }
  return terminate?.terminationWaitTimeInMinutes ?? 0;
}

function readyWaitOf({
  blueGreenDeploymentConfiguration: blueGreen,
}: DeploymentGroupInfo): Pick<DeploymentGroupTemplate, "readyWaitMinutes"> {
  const { actionOnTimeout, waitTimeInMinutes = 0 } = blueGreen?.deploymentReadyOption ?? {};
  return actionOnTimeout === "STOP_DEPLOYMENT" ? { readyWaitMinutes: waitTimeInMinutes } : {};
}

type LoadBalancing = Pick<DeploymentGroupTemplate, "targetGroupNames" | "productionListenerArns" | "testListenerArns">;

function loadBalancingOf({ loadBalancerInfo }: DeploymentGroupInfo, template: Template): LoadBalancing {
  const [pair] = loadBalancerInfo?.targetGroupPairInfoList ?? [];
  const [first, second] = (pair?.targetGroups ?? []).map(({ name }) => name);
  if (first === undefined || second === undefined || first === second) {
    throw new AwsError("InvalidTargetGroupPairException", "A deployment group for ECS needs two target groups.");
  }
  const productionListenerArns = pair?.prodTrafficRoute?.listenerArns ?? [];
  const testListenerArns = pair?.testTrafficRoute?.listenerArns ?? [];
  const unknownGroup = [first, second].find((name) => !template.targetGroups.some((group) => group.name === name));
  if (unknownGroup !== undefined) {
    throw new AwsError("InvalidTargetGroupPairException", `The local cloud has no target group ${unknownGroup}.`);
  }
  const unknownListener = [...productionListenerArns, ...testListenerArns].find(
    (arn) => !template.listeners.some((listener) => listener.arn === arn),
  );
  if (unknownListener !== undefined) {
    throw new AwsError("InvalidLoadBalancerInfoException", `The local cloud has no listener ${unknownListener}.`);
  }
  return { targetGroupNames: [first, second], productionListenerArns, testListenerArns };
}
