import type { ListDeploymentTargetsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { operation } from "../operation";
import { deploymentOf, targetOf } from "./find-deployment";
import { listPage } from "./list-page";

const STATUSES = ["Failed", "InProgress", "Pending", "Ready", "Skipped", "Succeeded", "Unknown"];

/** Lists the targets of a deployment: one, the service. */
export const listDeploymentTargets = operation(
  "ListDeploymentTargets",
  z.object({
    deploymentId: z.string().min(1),
    nextToken: z.string().optional(),
    targetFilters: z.record(z.string(), z.array(z.string())).default({}),
  }),
  ({ deploymentId, nextToken, targetFilters }, cloud): ListDeploymentTargetsOutput => {
    const { TargetStatus: statuses = STATUSES, ...others } = targetFilters;
    // The other filter of the API, ServerInstanceLabel, is for servers.
    const [other] = Object.keys(others);
    if (other !== undefined) {
      throw new AwsError(
        "InvalidTargetFilterNameException",
        `The targets of an ECS deployment are filtered by TargetStatus, not by ${other}.`,
      );
    }
    const unknown = statuses.find((status) => !STATUSES.includes(status));
    if (unknown !== undefined) {
      throw new AwsError("InvalidInstanceStatusException", `${unknown} is not one of ${STATUSES.join(", ")}.`);
    }
    const target = targetOf(deploymentOf(deploymentId, cloud));
    const page = listPage(statuses.includes(target.status) ? [target.id] : [], nextToken);
    return { targetIds: page.items, nextToken: page.nextToken };
  },
);
