import type { BatchGetDeploymentGroupsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { requireBatch } from "./batch-limit";
import { deploymentGroupInfo } from "./deployment-group";
import type { RegistryContext } from "./registry-context";

/** Describes deployment groups; those that don't exist are named in `errorMessage`. */
export const batchGetDeploymentGroups = operation(
  "BatchGetDeploymentGroups",
  z.object({ applicationName: z.string().min(1), deploymentGroupNames: z.array(z.string()).min(1) }),
  ({ applicationName, deploymentGroupNames }, context: RegistryContext): BatchGetDeploymentGroupsOutput => {
    const there = context.registry.groups(applicationName);
    requireBatch(deploymentGroupNames, 100);
    const unknown = deploymentGroupNames.filter((name) => !there.includes(name));
    return {
      deploymentGroupsInfo: deploymentGroupNames
        .filter((name) => there.includes(name))
        .map((name) => deploymentGroupInfo(applicationName, name, context)),
      ...(unknown.length > 0 && { errorMessage: `No Deployment Group found for name: ${unknown.join(", ")}` }),
    };
  },
);
