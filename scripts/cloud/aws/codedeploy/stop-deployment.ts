import type { StopDeploymentOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { deploymentOf } from "./find-deployment";

/** Stops a deployment. Without `autoRollbackEnabled`, the group's setting decides about a rollback. */
export const stopDeployment = operation(
  "StopDeployment",
  z.object({ deploymentId: z.string().min(1), autoRollbackEnabled: z.boolean().optional() }),
  ({ deploymentId, autoRollbackEnabled }, backend): StopDeploymentOutput => {
    const { id } = deploymentOf(deploymentId, backend);
    const { status, message } = backend.parts.codeDeploy.stop(id, autoRollbackEnabled);
    return { status, statusMessage: message };
  },
);
