import type { DeploymentConfigInfo, MinimumHealthyHosts, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import { PREDEFINED_PREFIX, predefinedRoutings } from "../../codedeploy/routing";
import { uuidOf } from "../../derived-ids";
import type { TrafficRouting } from "../../template";

const canary = (intervalMinutes: number): TrafficRouting => ({
  type: "TimeBasedCanary",
  percentage: 10,
  intervalMinutes,
});
const linear = (intervalMinutes: number): TrafficRouting => ({
  type: "TimeBasedLinear",
  percentage: 10,
  intervalMinutes,
});

/** Predefined configs for servers, by name without the prefix. */
const SERVER: readonly (readonly [string, MinimumHealthyHosts])[] = [
  ["AllAtOnce", { type: "HOST_COUNT", value: 0 }],
  ["HalfAtATime", { type: "FLEET_PERCENT", value: 50 }],
  // AWS returns this type but accepts it in no input, so the SDK's types don't have it
  // (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_MinimumHealthyHosts.html).
  ["OneAtATime", { type: "MOST_CONCURRENCY" as "HOST_COUNT", value: 1 }],
];

const LAMBDA: readonly (readonly [string, TrafficRouting])[] = [
  ["LambdaAllAtOnce", { type: "AllAtOnce" }],
  ["LambdaCanary10Percent5Minutes", canary(5)],
  ["LambdaCanary10Percent10Minutes", canary(10)],
  ["LambdaCanary10Percent15Minutes", canary(15)],
  ["LambdaCanary10Percent30Minutes", canary(30)],
  ["LambdaLinear10PercentEvery1Minute", linear(1)],
  ["LambdaLinear10PercentEvery2Minutes", linear(2)],
  ["LambdaLinear10PercentEvery3Minutes", linear(3)],
  ["LambdaLinear10PercentEvery10Minutes", linear(10)],
];

/**
 * The predefined configs of all platforms by name, as GetDeploymentConfig returns them
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html).
 */
export const PREDEFINED_CONFIGS: ReadonlyMap<string, DeploymentConfigInfo> = new Map(
  [
    ...SERVER.map(([name, minimumHealthyHosts]): DeploymentConfigInfo => ({
      deploymentConfigName: `${PREDEFINED_PREFIX}${name}`,
      computePlatform: "Server",
      minimumHealthyHosts,
    })),
    ...predefinedRoutings().map(([name, routing]) => deploymentConfigInfo(name, routing)),
    ...LAMBDA.map(([name, routing]) => deploymentConfigInfo(`${PREDEFINED_PREFIX}${name}`, routing, "Lambda")),
  ].map(({ deploymentConfigName = "", ...config }) => [
    deploymentConfigName,
    // These ids are made up: AWS does not document its own.
    { deploymentConfigId: uuidOf(deploymentConfigName), deploymentConfigName, ...config },
  ]),
);

/** A config that shifts traffic, as GetDeploymentConfig returns it. */
export function deploymentConfigInfo(
  deploymentConfigName: string,
  routing: TrafficRouting,
  computePlatform: "ECS" | "Lambda" = "ECS",
): DeploymentConfigInfo {
  return { deploymentConfigName, computePlatform, trafficRoutingConfig: routingConfig(routing) };
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
