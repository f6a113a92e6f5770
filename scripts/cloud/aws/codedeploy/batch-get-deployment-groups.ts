import type { BatchGetDeploymentGroupsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { requireApplication } from "./application";
import { requireBatch } from "./batch-limit";
import { deploymentGroupInfo } from "./deployment-group";

/** Describes deployment groups; those that don't exist are named in `errorMessage`. */
export const batchGetDeploymentGroups = operation(
  "BatchGetDeploymentGroups",
  z.object({ applicationName: z.string().min(1), deploymentGroupNames: z.array(z.string()).min(1) }),
  ({ applicationName, deploymentGroupNames }, cloud): BatchGetDeploymentGroupsOutput => {
    requireApplication(applicationName, cloud);
    requireBatch(deploymentGroupNames, 100);
    const isKnown = (name: string) => name === cloud.template.deploymentGroup.name;
    const unknown = deploymentGroupNames.filter((name) => !isKnown(name));
    return {
      deploymentGroupsInfo: deploymentGroupNames.filter(isKnown).map(() => deploymentGroupInfo(cloud)),
      ...(unknown.length > 0 && { errorMessage: `No Deployment Group found for name: ${unknown.join(", ")}` }),
    };
  },
);
