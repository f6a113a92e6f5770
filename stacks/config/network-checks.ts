import type { Check } from "./check";
import { isObject, valueAt } from "./merge";
import { notAllowed, type ConfigProblem } from "./problems";
import { partitionOf } from "./regions";

/** Keys that describe a network to create. They have no effect on an existing one. */
const KEYS_OF_A_NEW_NETWORK = ["cidr", "zones", "natGateways", "flowLogs"];

/**
 * Keys without effect beside `network.vpc`.
 * @param layer one layer of the configuration. Only its own keys count: the defaults may describe the new network of
 *   another environment
 */
export function unusedNetworkKeys(layer: unknown): ConfigProblem[] {
  const network = valueAt(layer, ["network"]);
  if (!isObject(network) || network["vpc"] === undefined) return [];
  return KEYS_OF_A_NEW_NETWORK.filter((key) => network[key] !== undefined).map((key) => ({
    path: ["network", key],
    text: "has no effect with network.vpc, an existing network; leave it out",
  }));
}

/** Checks what has to fit together in `network`. */
export const networkChecks: readonly Check[] = [
  (config, isValid) => {
    const path = "network.vpc.publicSubnetIds";
    if (!isValid("network.vpc", "loadBalancer.existing")) return [];
    const { vpc } = config.network;
    if (!vpc || config.loadBalancer.existing || vpc.publicSubnetIds) return [];
    return [notAllowed(config, path, "a list of at least two subnets for the load balancer that the stacks create")];
  },
  (config, isValid) => {
    const path = "network.interfaceEndpoints";
    if (!isValid("network.vpc", path, "region")) return [];
    const { vpc, interfaceEndpoints } = config.network;
    if (interfaceEndpoints.length === 0) return [];
    if (vpc) return [notAllowed(config, path, "[] with network.vpc: its owner creates its endpoints")];
    // Where the DNS suffix is unusual, some services are named cn.com.amazonaws.… and others com.amazonaws.…
    // (https://github.com/aws/aws-cdk/pull/25333). Gateway endpoints have the usual names everywhere.
    return partitionOf(config.region).dnsSuffix === "amazonaws.com"
      ? []
      : [notAllowed(config, path, `[] in ${config.region}, where AWS's endpoints have other names`)];
  },
  (config, isValid) => {
    if (!isValid("network.vpc")) return [];
    const { vpc } = config.network;
    if (!vpc) return [];
    const shared = vpc.privateSubnetIds.find((id) => vpc.publicSubnetIds?.includes(id));
    const allowed = `other subnets than network.vpc.publicSubnetIds (${String(shared)} is in both)`;
    return shared === undefined ? [] : [notAllowed(config, "network.vpc.privateSubnetIds", allowed)];
  },
];
