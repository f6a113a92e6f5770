import type { GetDeploymentGroupOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { requireApplication } from "./application";
import { deploymentGroupInfo, requireDeploymentGroup } from "./deployment-group";

/** Describes the deployment group. */
export const getDeploymentGroup = operation(
  "GetDeploymentGroup",
  z.object({ applicationName: z.string().min(1), deploymentGroupName: z.string().min(1) }),
  ({ applicationName, deploymentGroupName }, cloud): GetDeploymentGroupOutput => {
    requireApplication(applicationName, cloud);
    requireDeploymentGroup(deploymentGroupName, cloud);
    return { deploymentGroupInfo: deploymentGroupInfo(cloud) };
  },
);
