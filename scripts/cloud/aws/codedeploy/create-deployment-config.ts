import type { CreateDeploymentConfigOutput } from "@aws-sdk/client-codedeploy";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AwsError } from "../../parts";
import type { TrafficRouting } from "../../template";
import { operation } from "../operation";
import { ecsPlatform } from "./ecs-platform";
import { deploymentConfigInfo } from "./predefined-configs";
import type { RegistryContext } from "./registry-context";
import { resourceName } from "./resource-name";

const percentage = z.number().int().min(1).max(99);
/** CodeDeploy's quota for ECS: two days between the first and the last shift. */
const minutes = z.number().int().min(0).max(2880);

const trafficRoutingConfig = z.discriminatedUnion("type", [
  z.object({ type: z.literal("AllAtOnce") }),
  z.object({
    type: z.literal("TimeBasedCanary"),
    timeBasedCanary: z.object({ canaryPercentage: percentage, canaryInterval: minutes }),
  }),
  z.object({
    type: z.literal("TimeBasedLinear"),
    timeBasedLinear: z.object({ linearPercentage: percentage, linearInterval: minutes }),
  }),
]);

/** Makes a deployment config for ECS: a way to move traffic. */
export const createDeploymentConfig = operation(
  "CreateDeploymentConfig",
  z.object({ deploymentConfigName: resourceName, computePlatform: ecsPlatform, trafficRoutingConfig }),
  (given, { registry, clock }: RegistryContext): CreateDeploymentConfigOutput => {
    const name = given.deploymentConfigName;
    if (name.startsWith("CodeDeployDefault.")) {
      throw new AwsError(
        "InvalidDeploymentConfigNameException",
        `${name} begins with CodeDeployDefault., which is for CodeDeploy's own configs.`,
      );
    }
    const deploymentConfigId = randomUUID();
    const info = deploymentConfigInfo(name, routingOf(given.trafficRoutingConfig));
    registry.addConfig(name, { ...info, deploymentConfigId, createTime: new Date(clock.now()) });
    return { deploymentConfigId };
  },
);

function routingOf(given: z.output<typeof trafficRoutingConfig>): TrafficRouting {
  switch (given.type) {
    case "AllAtOnce":
      return { type: "AllAtOnce" };
    case "TimeBasedCanary": {
      const { canaryPercentage, canaryInterval } = given.timeBasedCanary;
      return { type: "TimeBasedCanary", percentage: canaryPercentage, intervalMinutes: canaryInterval };
    }
    case "TimeBasedLinear": {
      const { linearPercentage, linearInterval } = given.timeBasedLinear;
      return { type: "TimeBasedLinear", percentage: linearPercentage, intervalMinutes: linearInterval };
    }
  }
}
