import type { BatchGetDeploymentTargetsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { requireBatch } from "./batch-limit";
import { ecsTarget } from "./ecs-target";
import { deploymentOf, targetOf } from "./find-deployment";

/** Describes targets: lifecycle events and task sets. */
export const batchGetDeploymentTargets = operation(
  "BatchGetDeploymentTargets",
  z.object({ deploymentId: z.string().min(1), targetIds: z.array(z.string()).min(1) }),
  ({ deploymentId, targetIds }, cloud): BatchGetDeploymentTargetsOutput => {
    requireBatch(targetIds, 25, "DeploymentTargetListSizeExceededException");
    const target = targetOf(deploymentOf(deploymentId, cloud));
    return { deploymentTargets: targetIds.map((id) => ecsTarget(deploymentId, id, target, cloud)) };
  },
);
