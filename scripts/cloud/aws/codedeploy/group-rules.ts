import { AwsError } from "../../aws-error";
import type { GroupSettings } from "./group-input";
import type { RegistryContext } from "./registry-context";

/**
 * Refuses the settings that CodeDeploy refuses, where that depends on more than one setting or on other resources.
 * @param self `application/group` of a group that exists already
 * @throws AwsError DeploymentConfigDoesNotExistException, InvalidDeploymentConfigNameException,
 *   InvalidBlueGreenDeploymentConfigurationException, InvalidAlarmConfigException, AlarmsLimitExceededException,
 *   InvalidAutoRollbackConfigException, ECSServiceMappingLimitExceededException
 */
export function checkGroup(
  settings: GroupSettings,
  { registry, settings: { alarmsPerGroup } }: RegistryContext,
  self?: string,
): void {
  registry.configForEcs(settings.deploymentConfigName);
  requireAlarms(settings.alarmConfiguration, alarmsPerGroup);
  const { actionOnTimeout, waitTimeInMinutes } = settings.blueGreenDeploymentConfiguration.deploymentReadyOption;
  if (actionOnTimeout === "CONTINUE_DEPLOYMENT" && waitTimeInMinutes > 0) {
    // The message is recorded from AWS: https://github.com/hashicorp/terraform-provider-aws/issues/9653.
    throw new AwsError(
      "InvalidBlueGreenDeploymentConfigurationException",
      "Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified",
    );
  }
  const { enabled, events } = settings.autoRollbackConfiguration;
  if (enabled && events.length === 0) {
    throw new AwsError(
      "InvalidAutoRollbackConfigException",
      "Automatic rollback is enabled, but no events are listed.",
    );
  }
  const services = settings.ecsServices.map(({ clusterName, serviceName }) => `${clusterName}/${serviceName}`);
  const owner = registry
    .allGroups()
    .filter(({ applicationName, deploymentGroupName }) => `${applicationName}/${deploymentGroupName}` !== self)
    .find(({ ecsServices = [] }) =>
      ecsServices.some(({ clusterName, serviceName }) => services.includes(`${clusterName}/${serviceName}`)),
    );
  if (owner) {
    throw new AwsError(
      "ECSServiceMappingLimitExceededException",
      `The ECS service belongs to the deployment group ${owner.deploymentGroupName} already: it can have only one.`,
    );
  }
}

function requireAlarms({ enabled, alarms }: GroupSettings["alarmConfiguration"], limit: number): void {
  const names = alarms.map(({ name }) => name);
  if (enabled && names.length === 0) {
    throw new AwsError(
      "InvalidAlarmConfigException",
      "The alarm configuration is enabled, but the alarm list is empty.",
    );
  }
  const duplicate = names.find((name, i) => names.indexOf(name) !== i);
  if (duplicate !== undefined) {
    throw new AwsError("InvalidAlarmConfigException", `The alarm ${duplicate} is specified twice.`);
  }
  if (names.length > limit) {
    throw new AwsError(
      "AlarmsLimitExceededException",
      `The maximum number of alarms for a deployment group (${limit}) was exceeded: ${names.length}.`,
    );
  }
}
