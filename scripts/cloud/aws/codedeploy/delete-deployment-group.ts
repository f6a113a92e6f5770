import type { DeleteDeploymentGroupOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import type { RegistryContext } from "./registry-context";
import { resourceName } from "./resource-name";

/** Deletes a deployment group. */
export const deleteDeploymentGroup = operation(
  "DeleteDeploymentGroup",
  z.object({ applicationName: resourceName, deploymentGroupName: resourceName }),
  ({ applicationName, deploymentGroupName }, { registry }: RegistryContext): DeleteDeploymentGroupOutput => {
    registry.removeGroup(applicationName, deploymentGroupName);
    return { hooksNotCleanedUp: [] };
  },
);
