import type { BatchGetDeploymentsOutput, GetDeploymentOutput, ListDeploymentsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { timestamp } from "../input";
import { operation } from "../operation";
import { deploymentInfo } from "./deployment-info";
import { deploymentOf, requireDeploymentId } from "./find-deployment";
import { listPage, requireBatch } from "./limits";
import type { RegistryContext } from "./registry-context";

/** Lists the ids of deployments, newest first. Filters: application and group, status, creation time. */
export const listDeployments = operation(
  "ListDeployments",
  z.object({
    applicationName: z.string().optional(),
    deploymentGroupName: z.string().optional(),
    externalId: z.string().optional(),
    includeOnlyStatuses: z
      .array(z.enum(["Created", "Queued", "InProgress", "Baking", "Succeeded", "Failed", "Stopped", "Ready"]))
      .optional(),
    createTimeRange: z.object({ start: timestamp.optional(), end: timestamp.optional() }).optional(),
    nextToken: z.string().optional(),
  }),
  (input, { registry, parts }: RegistryContext): ListDeploymentsOutput => {
    const { applicationName, deploymentGroupName, externalId, includeOnlyStatuses = [], createTimeRange } = input;
    if ((applicationName === undefined) !== (deploymentGroupName === undefined)) {
      throw new AwsError(
        applicationName === undefined ? "ApplicationNameRequiredException" : "DeploymentGroupNameRequiredException",
        "An application name and a deployment group name go together: give both, or neither.",
      );
    }
    if (applicationName !== undefined && deploymentGroupName !== undefined) {
      registry.group(applicationName, deploymentGroupName);
    }
    const { start = -Infinity, end = Infinity } = createTimeRange ?? {};
    if (start > end) {
      throw new AwsError("InvalidTimeRangeException", "The start of createTimeRange must not be after its end.");
    }
    const ids = parts.codeDeploy
      .deployments()
      .filter(
        ({ status, createdAt }) =>
          // Only CloudFormation gives deployments an external id.
          externalId === undefined &&
          (includeOnlyStatuses.length === 0 || includeOnlyStatuses.includes(status)) &&
          createdAt >= start &&
          createdAt <= end,
      )
      .map(({ id }) => id);
    const page = listPage(ids, input.nextToken);
    return { deployments: page.items, nextToken: page.nextToken };
  },
);

/** Describes one deployment. */
export const getDeployment = operation(
  "GetDeployment",
  z.object({ deploymentId: z.string().min(1) }),
  ({ deploymentId }, backend): GetDeploymentOutput => ({
    deploymentInfo: deploymentInfo(deploymentOf(deploymentId, backend), backend),
  }),
);

/** Describes several deployments. It leaves out those that don't exist. */
export const batchGetDeployments = operation(
  "BatchGetDeployments",
  z.object({ deploymentIds: z.array(z.string()).min(1) }),
  ({ deploymentIds }, backend): BatchGetDeploymentsOutput => {
    requireBatch(deploymentIds, 25);
    deploymentIds.forEach(requireDeploymentId);
    return {
      deploymentsInfo: deploymentIds.flatMap((id) => {
        const deployment = backend.parts.codeDeploy.deployment(id);
        return deployment ? [deploymentInfo(deployment, backend)] : [];
      }),
    };
  },
);
