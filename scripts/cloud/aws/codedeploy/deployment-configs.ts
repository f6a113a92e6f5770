import type { GetDeploymentConfigOutput, ListDeploymentConfigsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { listPage } from "./limits";
import type { RegistryContext } from "./registry-context";

/** Lists the deployment configs: the predefined ones of all platforms, then the custom ones, which are for ECS. */
export const listDeploymentConfigs = operation(
  "ListDeploymentConfigs",
  z.object({ nextToken: z.string().optional() }),
  ({ nextToken }, { registry }: RegistryContext): ListDeploymentConfigsOutput => {
    const page = listPage(registry.configNames(), nextToken);
    return { deploymentConfigsList: page.items, nextToken: page.nextToken };
  },
);

/** Describes a deployment config, predefined or custom. */
export const getDeploymentConfig = operation(
  "GetDeploymentConfig",
  z.object({ deploymentConfigName: z.string().min(1) }),
  ({ deploymentConfigName }, { registry }: RegistryContext): GetDeploymentConfigOutput => ({
    deploymentConfigInfo: registry.config(deploymentConfigName),
  }),
);
