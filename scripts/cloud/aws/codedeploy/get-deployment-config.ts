import type { GetDeploymentConfigOutput, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { routingOf } from "../../codedeploy/routing";
import { AwsError } from "../../parts";
import type { TrafficRouting } from "../../template";
import { operation } from "../operation";

/** Describes a deployment config for ECS: one of CodeDeploy's own, or a custom one of the stacks. */
export const getDeploymentConfig = operation(
  "GetDeploymentConfig",
  z.object({ deploymentConfigName: z.string().min(1) }),
  ({ deploymentConfigName }, { template, startedAt }): GetDeploymentConfigOutput => {
    const routing = routingOf(deploymentConfigName, template.deploymentConfigs);
    if (!routing) {
      throw new AwsError(
        "DeploymentConfigDoesNotExistException",
        `No deployment configuration found for name: ${deploymentConfigName}`,
      );
    }
    const isCustom = template.deploymentConfigs.some(({ name }) => name === deploymentConfigName);
    return {
      deploymentConfigInfo: {
        deploymentConfigName,
        computePlatform: "ECS",
        trafficRoutingConfig: routingConfig(routing),
        ...(isCustom && { createTime: new Date(startedAt) }),
      },
    };
  },
);

function routingConfig(routing: TrafficRouting): TrafficRoutingConfig {
  switch (routing.type) {
    case "AllAtOnce":
      return { type: "AllAtOnce" };
    case "TimeBasedCanary":
      return {
        type: "TimeBasedCanary",
        timeBasedCanary: { canaryPercentage: routing.percentage, canaryInterval: routing.intervalMinutes },
      };
    case "TimeBasedLinear":
      return {
        type: "TimeBasedLinear",
        timeBasedLinear: { linearPercentage: routing.percentage, linearInterval: routing.intervalMinutes },
      };
  }
}
