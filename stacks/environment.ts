import { TerraformStack, type App } from "cdktf";
import { AccessStack } from "./access";
import { ciTrustOf } from "./ci-trust";
import type { Config } from "./config";
import { DeliveryStack } from "./delivery";
import { existingNetwork, NetworkStack } from "./network";
import { RegistryStack } from "./registry";
import { ServiceStack } from "./service";

/**
 * Adds the stacks of one environment to the app: four, or three with an existing network. Stacks pass values to the next ones;
 * CDKTF turns these into reads of the other stack's state, and orders the stacks by them. With a CI that the roles can trust (`ci`), there is also
 * the access stack.
 *
 * Each stack also depends on the one before it. Otherwise `cdktf deploy '*'` applies independent stacks in parallel, and when one
 * of them fails, CDKTF exits at once and interrupts the apply of the others.
 * @param source folder of the service that the first image is built from
 */
export function addEnvironment(app: App, config: Config, source: string): void {
  const trust = ciTrustOf(config);
  if (trust !== undefined) new AccessStack(app, config, trust);
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
