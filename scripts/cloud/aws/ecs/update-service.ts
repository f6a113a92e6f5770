import type { UpdateServiceResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { operation } from "../operation";
import { requireCluster, requireService } from "./find";
import { serviceView } from "./service-view";

const anything = z.unknown().optional();

/**
 * Parameters that ECS refuses with the CODE_DEPLOY controller
 * (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html), with ECS's messages.
 */
const FORBIDDEN = {
  taskDefinition: "Unable to update task definition",
  networkConfiguration: "Unable to update network parameters",
  platformVersion: "Unable to update platform version",
  capacityProviderStrategy: "Unable to update capacity provider strategy",
  loadBalancers: "Unable to update load balancers",
  serviceRegistries: "Unable to update service registries",
  deploymentController: "Unable to update deployment controller",
} as const;

/** Parameters that ECS accepts and the local cloud does not support. */
const NOT_SERVED = [
  "deploymentConfiguration",
  "availabilityZoneRebalancing",
  "placementConstraints",
  "placementStrategy",
  "healthCheckGracePeriodSeconds",
  "enableExecuteCommand",
  "enableECSManagedTags",
  "propagateTags",
  "serviceConnectConfiguration",
  "volumeConfigurations",
  "vpcLatticeConfigurations",
] as const;

const keys = <Key extends string>(names: readonly Key[]) =>
  Object.fromEntries(names.map((name) => [name, anything])) as Record<Key, typeof anything>;

/** Changes the desired count. With the CODE_DEPLOY controller, CodeDeploy changes the rest. */
export const updateService = operation(
  "UpdateService",
  z.object({
    cluster: z.string().optional(),
    service: z.string(),
    desiredCount: z.number().int().min(0).optional(),
    forceNewDeployment: z.boolean().optional(),
    ...keys(Object.keys(FORBIDDEN) as (keyof typeof FORBIDDEN)[]),
    ...keys(NOT_SERVED),
  }),
  (input, backend): UpdateServiceResponse => {
    requireCluster(input.cluster, backend);
    requireService(input.service, backend);
    for (const [name, message] of Object.entries(FORBIDDEN)) {
      if (input[name as keyof typeof FORBIDDEN] !== undefined) throw forbidden(message);
    }
    if (input.forceNewDeployment) throw forbidden("Cannot force a new deployment");
    const notServed = NOT_SERVED.find((name) => input[name] !== undefined);
    if (notServed) {
      throw new AwsError(
        "UnsupportedFeatureException",
        `The local cloud changes only the desiredCount of a service: leave ${notServed} out.`,
      );
    }
    if (input.desiredCount !== undefined) backend.parts.ecs.setDesiredCount(input.desiredCount);
    return { service: serviceView(backend) };
  },
);

function forbidden(message: string): AwsError {
  return new AwsError(
    "InvalidParameterException",
    `${message} on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.`,
  );
}
