import type { GetDeploymentOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { deploymentInfo } from "./deployment-info";
import { deploymentOf } from "./find-deployment";

/** Describes one deployment. */
export const getDeployment = operation(
  "GetDeployment",
  z.object({ deploymentId: z.string().min(1) }),
  ({ deploymentId }, cloud): GetDeploymentOutput => ({
    deploymentInfo: deploymentInfo(deploymentOf(deploymentId, cloud), cloud),
  }),
);
