import type { DeploymentGroupInfo, LastDeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Deployment } from "../../codedeploy/part";
import type { RegistryContext } from "./registry-context";
import { revisionOf } from "./revision";

/** What a group tells of servers, also when it is for ECS. Recorded: empty lists, and UPDATE. */
const FOR_SERVERS: DeploymentGroupInfo = {
  ec2TagFilters: [],
  onPremisesInstanceTagFilters: [],
  autoScalingGroups: [],
  triggerConfigurations: [],
  outdatedInstancesStrategy: "UPDATE",
  terminationHookEnabled: false,
};

/**
 * A deployment group with all its settings and its last deployments, as CodeDeploy describes it.
 * @throws AwsError ApplicationDoesNotExistException, DeploymentGroupDoesNotExistException
 */
export function deploymentGroupInfo(
  application: string,
  name: string,
  { registry, parts }: RegistryContext,
): DeploymentGroupInfo {
  const deployments = parts.codeDeploy.deployments();
  const [lastAttempted] = deployments;
  const lastSuccessful = deployments.find(({ status }) => status === "Succeeded");
  return {
    ...FOR_SERVERS,
    ...registry.group(application, name),
    targetRevision: lastSuccessful && revisionOf(lastSuccessful),
    lastSuccessfulDeployment: lastSuccessful && lastDeployment(lastSuccessful),
    lastAttemptedDeployment: lastAttempted && lastDeployment(lastAttempted),
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
