import type { ListDeploymentGroupsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { requireApplication } from "./application";
import { listPage } from "./list-page";

/** Lists the deployment groups of the application: there is one. */
export const listDeploymentGroups = operation(
  "ListDeploymentGroups",
  z.object({ applicationName: z.string().min(1), nextToken: z.string().optional() }),
  ({ applicationName, nextToken }, cloud): ListDeploymentGroupsOutput => {
    requireApplication(applicationName, cloud);
    const page = listPage([cloud.template.deploymentGroup.name], nextToken);
    return { applicationName, deploymentGroups: page.items, nextToken: page.nextToken };
  },
);
