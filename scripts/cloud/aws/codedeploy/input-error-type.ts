import type { InputProblem } from "../operation";

/** Error types by parameter: [when it is missing, when it is not valid]. CodeDeploy has its own for most parameters. */
const TYPES: Readonly<Record<string, readonly [string, string]>> = {
  applicationName: ["ApplicationNameRequiredException", "InvalidApplicationNameException"],
  applicationNames: ["ApplicationNameRequiredException", "InvalidApplicationNameException"],
  deploymentGroupName: ["DeploymentGroupNameRequiredException", "InvalidDeploymentGroupNameException"],
  deploymentGroupNames: ["DeploymentGroupNameRequiredException", "InvalidDeploymentGroupNameException"],
  deploymentConfigName: ["DeploymentConfigNameRequiredException", "InvalidDeploymentConfigNameException"],
  deploymentId: ["DeploymentIdRequiredException", "InvalidDeploymentIdException"],
  deploymentIds: ["DeploymentIdRequiredException", "InvalidDeploymentIdException"],
  deploymentWaitType: ["InvalidDeploymentWaitTypeException", "InvalidDeploymentWaitTypeException"],
  targetId: ["DeploymentTargetIdRequiredException", "InvalidDeploymentTargetIdException"],
  targetIds: ["DeploymentTargetIdRequiredException", "InvalidDeploymentTargetIdException"],
  revision: ["RevisionRequiredException", "InvalidRevisionException"],
  revisions: ["RevisionRequiredException", "InvalidRevisionException"],
  sortBy: ["InvalidSortByException", "InvalidSortByException"],
  sortOrder: ["InvalidSortOrderException", "InvalidSortOrderException"],
  deployed: ["InvalidDeployedStateFilterException", "InvalidDeployedStateFilterException"],
  autoRollbackConfiguration: ["InvalidAutoRollbackConfigException", "InvalidAutoRollbackConfigException"],
  overrideAlarmConfiguration: ["InvalidAlarmConfigException", "InvalidAlarmConfigException"],
  includeOnlyStatuses: ["InvalidDeploymentStatusException", "InvalidDeploymentStatusException"],
  createTimeRange: ["InvalidTimeRangeException", "InvalidTimeRangeException"],
  nextToken: ["InvalidNextTokenException", "InvalidNextTokenException"],
  newApplicationName: ["InvalidApplicationNameException", "InvalidApplicationNameException"],
  currentDeploymentGroupName: ["DeploymentGroupNameRequiredException", "InvalidDeploymentGroupNameException"],
  newDeploymentGroupName: ["InvalidDeploymentGroupNameException", "InvalidDeploymentGroupNameException"],
  computePlatform: ["InvalidComputePlatformException", "InvalidComputePlatformException"],
  trafficRoutingConfig: ["InvalidTrafficRoutingConfigurationException", "InvalidTrafficRoutingConfigurationException"],
  serviceRoleArn: ["RoleRequiredException", "InvalidRoleException"],
  alarmConfiguration: ["InvalidAlarmConfigException", "InvalidAlarmConfigException"],
  deploymentStyle: ["InvalidDeploymentStyleException", "InvalidDeploymentStyleException"],
  blueGreenDeploymentConfiguration: [
    "InvalidBlueGreenDeploymentConfigurationException",
    "InvalidBlueGreenDeploymentConfigurationException",
  ],
  loadBalancerInfo: ["InvalidLoadBalancerInfoException", "InvalidLoadBalancerInfoException"],
  ec2TagFilters: ["InvalidEC2TagException", "InvalidEC2TagException"],
  onPremisesInstanceTagFilters: ["InvalidTagFilterException", "InvalidTagFilterException"],
  autoScalingGroups: ["InvalidAutoScalingGroupException", "InvalidAutoScalingGroupException"],
  ecsServices: ["InvalidECSServiceException", "InvalidECSServiceException"],
  triggerConfigurations: ["InvalidTriggerConfigException", "InvalidTriggerConfigException"],
  ResourceArn: ["ResourceArnRequiredException", "InvalidArnException"],
  tags: ["InvalidTagsToAddException", "InvalidTagsToAddException"],
  Tags: ["TagRequiredException", "InvalidTagsToAddException"],
  TagKeys: ["TagRequiredException", "InvalidTagsToAddException"],
  status: ["InvalidLifecycleEventHookExecutionStatusException", "InvalidLifecycleEventHookExecutionStatusException"],
  lifecycleEventHookExecutionId: [
    "InvalidLifecycleEventHookExecutionIdException",
    "InvalidLifecycleEventHookExecutionIdException",
  ],
};

/** CodeDeploy's error type for a problem of an input. */
export function inputErrorType({ parameter, path, missing }: InputProblem): string {
  const types = TYPES[parameter];
  if (!types) return "ValidationException";
  return missing && path === parameter ? types[0] : types[1];
}
