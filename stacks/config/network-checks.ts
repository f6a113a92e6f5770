import type { Check } from "./checks";
import { HTTPS_PORT, listenersOf } from "./listeners";
import { notAllowed } from "./problems";

/** What has to fit together in network and load balancer. */
export const networkChecks: readonly Check[] = [
  (config, right) => {
    const { vpc, interfaceEndpoints } = config.network;
    if (!vpc || interfaceEndpoints.length === 0 || !right("network.vpc", "network.interfaceEndpoints")) return [];
    return [notAllowed(config, "network.interfaceEndpoints", "[] with network.vpc: its owner makes its endpoints")];
  },
  (config, right) => {
    const { vpc } = config.network;
    if (!vpc || !right("network.vpc")) return [];
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
    const { https } = config.loadBalancer;
    if (!https || !right("loadBalancer.https") || https.zoneId !== undefined || https.certificateArn !== undefined) {
      return [];
    }
    const allowed = "a hosted zone's id, to issue a certificate by, where there is no certificateArn";
    return [notAllowed(config, "loadBalancer.https.zoneId", allowed)];
  },
  (config, right) => {
    const arn = config.loadBalancer.https?.certificateArn;
    if (arn === undefined || !right("loadBalancer.https", "region")) return [];
    return arn.split(":")[3] === config.region
      ? []
      : [
          notAllowed(
            config,
            "loadBalancer.https.certificateArn",
            `a certificate in ${config.region}, as the load balancer is`,
          ),
        ];
  },
];
