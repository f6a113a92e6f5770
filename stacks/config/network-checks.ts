import type { Check } from "./checks";
import { HTTPS_PORT, listenersOf } from "./listeners";
import { isObject, valueAt } from "./merge";
import { notAllowed, type Problem } from "./problems";
import { partitionOf } from "./regions";

/** What a network is made by; one that is there already has it. */
const MAKING = ["cidr", "zones", "natGateways", "flowLogs"];

/**
 * What is written for nothing beside `network.vpc`. Of one layer of the configuration: what another environment or the
 * defaults say of a network to be made is none of its business.
 */
export function idleNetworkKeys(layer: unknown): Problem[] {
  const network = valueAt(layer, ["network"]);
  if (!isObject(network) || network["vpc"] === undefined) return [];
  return MAKING.filter((key) => network[key] !== undefined).map((key) => ({
    path: ["network", key],
    text: "has no effect beside network.vpc, which is there already; leave it out",
  }));
}

/** What has to fit together in network and load balancer. */
export const networkChecks: readonly Check[] = [
  (config, right) => {
    const path = "network.interfaceEndpoints";
    if (!right("network.vpc", path, "region")) return [];
    const { vpc, interfaceEndpoints } = config.network;
    if (interfaceEndpoints.length === 0) return [];
    if (vpc) return [notAllowed(config, path, "[] with network.vpc: its owner makes its endpoints")];
    // cn.com.amazonaws.… for some, com.amazonaws.… for others; alike wherever the DNS suffix is another than usual
    // (https://github.com/aws/aws-cdk/pull/25333). The gateway endpoints have the usual names everywhere.
    return partitionOf(config.region).dnsSuffix === "amazonaws.com"
      ? []
      : [notAllowed(config, path, `[] in ${config.region}, where AWS calls endpoints by other names`)];
  },
  (config, right) => {
    if (!right("network.vpc")) return [];
    const { vpc } = config.network;
    if (!vpc) return [];
    const shared = vpc.privateSubnetIds.find((id) => vpc.publicSubnetIds.includes(id));
    const allowed = `other subnets than network.vpc.publicSubnetIds (${String(shared)} is in both)`;
    return shared === undefined ? [] : [notAllowed(config, "network.vpc.privateSubnetIds", allowed)];
  },
  (config, right) => {
    if (!right("loadBalancer.productionPort", "loadBalancer.testPort", "loadBalancer.https")) return [];
    const { https, productionPort, testPort } = config.loadBalancer;
    if (https && productionPort === HTTPS_PORT) {
      const allowed = `another port than ${HTTPS_PORT} with loadBalancer.https, which listens there: this one redirects to it`;
      return [notAllowed(config, "loadBalancer.productionPort", allowed)];
    }
    if (testPort === productionPort) {
      return [notAllowed(config, "loadBalancer.testPort", "another port than loadBalancer.productionPort")];
    }
    return testPort === listenersOf(config.loadBalancer).productionPort
      ? [
          notAllowed(
            config,
            "loadBalancer.testPort",
            `another port than ${HTTPS_PORT}, where loadBalancer.https listens`,
          ),
        ]
      : [];
  },
  (config, right) => {
    if (!right("loadBalancer.https")) return [];
    const { https } = config.loadBalancer;
    if (!https || https.zoneId !== undefined || https.certificateArn !== undefined) return [];
    const allowed = "a hosted zone's id, to issue a certificate by, where there is no certificateArn";
    return [notAllowed(config, "loadBalancer.https.zoneId", allowed)];
  },
  (config, right) => {
    if (!right("loadBalancer.https", "region")) return [];
    const arn = config.loadBalancer.https?.certificateArn;
    return arn === undefined || arn.split(":")[3] === config.region
      ? []
      : [
          notAllowed(
            config,
            "loadBalancer.https.certificateArn",
            `a certificate in ${config.region}, as the load balancer is`,
          ),
        ];
  },
  (config, right) => {
    if (!right("loadBalancer.waf")) return [];
    const { enabled, logs } = config.loadBalancer.waf;
    const allowed = "false without loadBalancer.waf.enabled: there is nothing to log";
    return logs && !enabled ? [notAllowed(config, "loadBalancer.waf.logs", allowed)] : [];
  },
];
