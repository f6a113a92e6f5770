import type { DeploymentConfigInfo, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import { routingOf } from "../../codedeploy/routing";
import type { TrafficRouting } from "../../template";

/** CodeDeploy's own configs for the ECS platform. Source: its user guide, deployment configurations. */
const NAMES = [
  "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
  "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
  "CodeDeployDefault.ECSCanary10Percent5Minutes",
  "CodeDeployDefault.ECSCanary10Percent15Minutes",
  "CodeDeployDefault.ECSAllAtOnce",
];

/** CodeDeploy's own configs for ECS, by name, as it describes them. */
export const PREDEFINED_CONFIGS: ReadonlyMap<string, DeploymentConfigInfo> = new Map(
  NAMES.flatMap((name): [string, DeploymentConfigInfo][] => {
    const routing = routingOf(name, []);
    return routing ? [[name, deploymentConfigInfo(name, routing)]] : [];
  }),
);

/** A config for ECS as CodeDeploy describes it. */
export function deploymentConfigInfo(deploymentConfigName: string, routing: TrafficRouting): DeploymentConfigInfo {
  return { deploymentConfigName, computePlatform: "ECS", trafficRoutingConfig: routingConfig(routing) };
}

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
