import { TerraformStack, type App } from "cdktf";
import { AccessStack } from "./access";
import type { Config } from "./config";
import { DeliveryStack } from "./delivery";
import { existingNetwork, NetworkStack } from "./network";
import { RegistryStack } from "./registry";
import { ServiceStack } from "./service";

/**
 * Puts the stacks of one environment into the app: four, or three where the network is there already. Values cross
 * from one to the next; CDKTF makes them reads of the other's state and orders the stacks by them.
 * With `github.repository`, a stack of its own says who may deploy them.
 *
 * Each stack also depends on the one before it. Otherwise `cdktf deploy '*'` applies those side by side that read nothing
 * of each other, and when one of them fails, CDKTF ends at once and breaks off the other's apply half-way.
 * @param source folder of the service that the first image is built from; default: api
 */
export function addEnvironment(app: App, config: Config, source = "api"): void {
  const { repository } = config.github;
  if (repository !== undefined) new AccessStack(app, config, repository);
  const network = existingNetwork(config.network) ?? new NetworkStack(app, config).values;
  const registry = new RegistryStack(app, config, source);
  const service = new ServiceStack(app, config, network, registry.values);
  new DeliveryStack(app, config, { network, service: service.values, keys: registry.values.keys });
  const stacks = app.node.children.filter((child) => TerraformStack.isStack(child));
  stacks.reduce((before, stack) => {
    stack.addDependency(before);
    return stack;
  });
}
