import type {
  BatchGetDeploymentTargetsOutput,
  GetDeploymentTargetOutput,
  ListDeploymentTargetsOutput,
} from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { operation } from "../operation";
import { ecsTarget } from "./ecs-target";
import { deploymentOf, targetOf } from "./find-deployment";
import { listPage, requireBatch } from "./limits";

const STATUSES = ["Failed", "InProgress", "Pending", "Ready", "Skipped", "Succeeded", "Unknown"];

/** Lists the targets of a deployment: the only one is the service. */
export const listDeploymentTargets = operation(
  "ListDeploymentTargets",
  z.object({
    deploymentId: z.string().min(1),
    nextToken: z.string().optional(),
    targetFilters: z.record(z.string(), z.array(z.string())).default({}),
  }),
  ({ deploymentId, nextToken, targetFilters }, backend): ListDeploymentTargetsOutput => {
    const { TargetStatus: statuses = STATUSES, ...others } = targetFilters;
    // The API's other filter, ServerInstanceLabel, is for servers.
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
    const target = targetOf(deploymentOf(deploymentId, backend));
    const page = listPage(statuses.includes(target.status) ? [target.id] : [], nextToken);
    return { targetIds: page.items, nextToken: page.nextToken };
  },
);

/** Describes a target with its lifecycle events and task sets. */
export const getDeploymentTarget = operation(
  "GetDeploymentTarget",
  z.object({ deploymentId: z.string().min(1), targetId: z.string().min(1) }),
  ({ deploymentId, targetId }, backend): GetDeploymentTargetOutput => ({
    deploymentTarget: ecsTarget(deploymentId, targetId, targetOf(deploymentOf(deploymentId, backend)), backend),
  }),
);

/** Describes targets with their lifecycle events and task sets. */
export const batchGetDeploymentTargets = operation(
  "BatchGetDeploymentTargets",
  z.object({ deploymentId: z.string().min(1), targetIds: z.array(z.string()).min(1) }),
  ({ deploymentId, targetIds }, backend): BatchGetDeploymentTargetsOutput => {
    requireBatch(targetIds, 25, "DeploymentTargetListSizeExceededException");
    const target = targetOf(deploymentOf(deploymentId, backend));
    return { deploymentTargets: targetIds.map((id) => ecsTarget(deploymentId, id, target, backend)) };
  },
);
