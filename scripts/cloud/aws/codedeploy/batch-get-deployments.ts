import type { BatchGetDeploymentsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { requireBatch } from "./batch-limit";
import { deploymentInfo } from "./deployment-info";
import { requireDeploymentId } from "./find-deployment";

/** Describes several deployments; those that don't exist are left out. */
export const batchGetDeployments = operation(
  "BatchGetDeployments",
  z.object({ deploymentIds: z.array(z.string()).min(1) }),
  ({ deploymentIds }, cloud): BatchGetDeploymentsOutput => {
    requireBatch(deploymentIds, 25);
    deploymentIds.forEach(requireDeploymentId);
    return {
      deploymentsInfo: deploymentIds.flatMap((id) => {
        const deployment = cloud.parts.codeDeploy.deployment(id);
        return deployment ? [deploymentInfo(deployment, cloud)] : [];
      }),
    };
  },
);
