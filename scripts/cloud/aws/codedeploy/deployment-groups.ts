import type {
  BatchGetDeploymentGroupsOutput,
  DeploymentGroupInfo,
  GetDeploymentGroupOutput,
  LastDeploymentInfo,
  ListDeploymentGroupsOutput,
} from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import type { Deployment } from "../../codedeploy/part";
import { operation } from "../operation";
import { listPage, requireBatch } from "./limits";
import type { RegistryContext } from "./registry-context";
import { revisionOf } from "./revision";

/** Lists the deployment groups of an application. */
export const listDeploymentGroups = operation(
  "ListDeploymentGroups",
  z.object({ applicationName: z.string().min(1), nextToken: z.string().optional() }),
  ({ applicationName, nextToken }, { registry }: RegistryContext): ListDeploymentGroupsOutput => {
    const page = listPage(registry.groups(applicationName), nextToken);
    return { applicationName, deploymentGroups: page.items, nextToken: page.nextToken };
  },
);

/** Describes a deployment group. */
export const getDeploymentGroup = operation(
  "GetDeploymentGroup",
  z.object({ applicationName: z.string().min(1), deploymentGroupName: z.string().min(1) }),
  ({ applicationName, deploymentGroupName }, context: RegistryContext): GetDeploymentGroupOutput => ({
    deploymentGroupInfo: deploymentGroupInfo(applicationName, deploymentGroupName, context),
  }),
);

/** Describes deployment groups. `errorMessage` names those that don't exist. */
export const batchGetDeploymentGroups = operation(
  "BatchGetDeploymentGroups",
  z.object({ applicationName: z.string().min(1), deploymentGroupNames: z.array(z.string()).min(1) }),
  ({ applicationName, deploymentGroupNames }, context: RegistryContext): BatchGetDeploymentGroupsOutput => {
    const existing = context.registry.groups(applicationName);
    requireBatch(deploymentGroupNames, 100);
    const unknown = deploymentGroupNames.filter((name) => !existing.includes(name));
    return {
      deploymentGroupsInfo: deploymentGroupNames
        .filter((name) => existing.includes(name))
        .map((name) => deploymentGroupInfo(applicationName, name, context)),
      ...(unknown.length > 0 && { errorMessage: `No Deployment Group found for name: ${unknown.join(", ")}` }),
    };
  },
);

/** Settings for servers, which AWS also returns for a group for ECS. The values are recorded from AWS. */
const SERVER_SETTINGS: DeploymentGroupInfo = {
  ec2TagFilters: [],
  onPremisesInstanceTagFilters: [],
  autoScalingGroups: [],
  triggerConfigurations: [],
  outdatedInstancesStrategy: "UPDATE",
  terminationHookEnabled: false,
};

/**
 * A deployment group with its settings and its last deployments, as GetDeploymentGroup returns it.
 * @throws AwsError ApplicationDoesNotExistException, DeploymentGroupDoesNotExistException
 */
function deploymentGroupInfo(
  application: string,
  name: string,
  { registry, parts }: RegistryContext,
): DeploymentGroupInfo {
  const deployments = parts.codeDeploy.deployments();
  const [lastAttempted] = deployments;
  const lastSuccessful = deployments.find(({ status }) => status === "Succeeded");
  return {
    ...SERVER_SETTINGS,
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
