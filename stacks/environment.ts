import type { App } from "cdktf";
import type { Config } from "./config";
import { DeliveryStack } from "./delivery";
import { NetworkStack } from "./network";
import { RegistryStack } from "./registry";
import { ServiceStack } from "./service";

/**
 * Puts the four stacks of one environment into the app. Values cross from one to the next; CDKTF makes them reads of
 * the other's state and orders the stacks by them.
 * @param source folder of the service that the first image is built from; default: api
 */
export function addEnvironment(app: App, config: Config, source = "api"): void {
  const network = new NetworkStack(app, config);
  const registry = new RegistryStack(app, config, source);
  const service = new ServiceStack(app, config, network.values, registry.values);
  new DeliveryStack(app, config, service.values);
}
