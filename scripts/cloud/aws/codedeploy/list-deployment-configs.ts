import type { ListDeploymentConfigsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { listPage } from "./list-page";
import type { RegistryContext } from "./registry-context";

/** Lists the deployment configs: CodeDeploy's own of all platforms, and the custom ones, which are for ECS. */
export const listDeploymentConfigs = operation(
  "ListDeploymentConfigs",
  z.object({ nextToken: z.string().optional() }),
  ({ nextToken }, { registry }: RegistryContext): ListDeploymentConfigsOutput => {
    const page = listPage(registry.configNames(), nextToken);
    return { deploymentConfigsList: page.items, nextToken: page.nextToken };
  },
);
