import type { GetDeploymentConfigOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import type { RegistryContext } from "./registry-context";

/** Describes a deployment config: one of CodeDeploy's own, of any platform, or a custom one. */
export const getDeploymentConfig = operation(
  "GetDeploymentConfig",
  z.object({ deploymentConfigName: z.string().min(1) }),
  ({ deploymentConfigName }, { registry }: RegistryContext): GetDeploymentConfigOutput => ({
    deploymentConfigInfo: registry.config(deploymentConfigName),
  }),
);
