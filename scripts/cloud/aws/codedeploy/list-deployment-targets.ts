import type { ListDeploymentTargetsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { deploymentOf, targetOf } from "./find-deployment";
import { listPage } from "./list-page";

/** Lists the targets of a deployment: one, the service. */
export const listDeploymentTargets = operation(
  "ListDeploymentTargets",
  z.object({
    deploymentId: z.string().min(1),
    nextToken: z.string().optional(),
    targetFilters: z.object({ TargetStatus: z.array(z.string()).optional() }).optional(),
  }),
  ({ deploymentId, nextToken, targetFilters }, cloud): ListDeploymentTargetsOutput => {
    const target = targetOf(deploymentOf(deploymentId, cloud));
    const isWanted = targetFilters?.TargetStatus?.includes(target.status) ?? true;
    const page = listPage(isWanted ? [target.id] : [], nextToken);
    return { targetIds: page.items, nextToken: page.nextToken };
  },
);
