import type { GetDeploymentTargetOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { ecsTarget } from "./ecs-target";
import { deploymentOf, targetOf } from "./find-deployment";

/** Describes a target: lifecycle events and task sets. */
export const getDeploymentTarget = operation(
  "GetDeploymentTarget",
  z.object({ deploymentId: z.string().min(1), targetId: z.string().min(1) }),
  ({ deploymentId, targetId }, cloud): GetDeploymentTargetOutput => ({
    deploymentTarget: ecsTarget(deploymentId, targetId, targetOf(deploymentOf(deploymentId, cloud)), cloud),
  }),
);
