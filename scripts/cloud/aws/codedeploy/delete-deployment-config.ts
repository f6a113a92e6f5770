import { z } from "zod";
import { operation } from "../operation";
import type { RegistryContext } from "./registry-context";
import { resourceName } from "./resource-name";

/** Deletes a custom deployment config that no group uses. */
export const deleteDeploymentConfig = operation(
  "DeleteDeploymentConfig",
  z.object({ deploymentConfigName: resourceName }),
  ({ deploymentConfigName }, { registry }: RegistryContext) => {
    registry.removeConfig(deploymentConfigName);
    return {};
  },
);
