import type { ListDeploymentGroupsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { listPage } from "./list-page";
import type { RegistryContext } from "./registry-context";

/** Lists the deployment groups of an application. */
export const listDeploymentGroups = operation(
  "ListDeploymentGroups",
  z.object({ applicationName: z.string().min(1), nextToken: z.string().optional() }),
  ({ applicationName, nextToken }, { registry }: RegistryContext): ListDeploymentGroupsOutput => {
    const page = listPage(registry.groups(applicationName), nextToken);
    return { applicationName, deploymentGroups: page.items, nextToken: page.nextToken };
  },
);
