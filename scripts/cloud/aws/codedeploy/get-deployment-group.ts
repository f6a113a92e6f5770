import type { GetDeploymentGroupOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { deploymentGroupInfo } from "./deployment-group";
import type { RegistryContext } from "./registry-context";

/** Describes a deployment group. */
export const getDeploymentGroup = operation(
  "GetDeploymentGroup",
  z.object({ applicationName: z.string().min(1), deploymentGroupName: z.string().min(1) }),
  ({ applicationName, deploymentGroupName }, context: RegistryContext): GetDeploymentGroupOutput => ({
    deploymentGroupInfo: deploymentGroupInfo(applicationName, deploymentGroupName, context),
  }),
);
