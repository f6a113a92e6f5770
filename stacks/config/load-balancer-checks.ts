import type { Check } from "./check";
import { HTTPS_PORT, listenersOf } from "./listeners";
import { notAllowed } from "./problems";

/** Checks what has to fit together in `loadBalancer` and `healthCheck`. */
export const loadBalancerChecks: readonly Check[] = [
  (config, isValid) => {
    if (!isValid("healthCheck.intervalSeconds", "healthCheck.timeoutSeconds")) return [];
    const { intervalSeconds, timeoutSeconds } = config.healthCheck;
    const allowed = `less than healthCheck.intervalSeconds (${intervalSeconds})`;
    return timeoutSeconds >= intervalSeconds ? [notAllowed(config, "healthCheck.timeoutSeconds", allowed)] : [];
  },
  (config, isValid) => {
    if (!isValid("loadBalancer.productionPort", "loadBalancer.testPort", "loadBalancer.https")) return [];
    const { https, productionPort, testPort } = config.loadBalancer;
    if (https && productionPort === HTTPS_PORT) {
      const allowed = `another port than ${HTTPS_PORT} with loadBalancer.https, which listens there: this one redirects to it`;
      return [notAllowed(config, "loadBalancer.productionPort", allowed)];
    }
    if (testPort === productionPort) {
      return [notAllowed(config, "loadBalancer.testPort", "another port than loadBalancer.productionPort")];
    }
    const allowed = `another port than ${HTTPS_PORT}, where loadBalancer.https listens`;
    return testPort === listenersOf(config.loadBalancer).productionPort
      ? [notAllowed(config, "loadBalancer.testPort", allowed)]
      : [];
  },
  (config, isValid) => {
    if (!isValid("loadBalancer.https")) return [];
    const { https } = config.loadBalancer;
    if (!https || https.zoneId !== undefined || https.certificateArn !== undefined) return [];
    const allowed = "a hosted zone's id, which ACM needs to issue a certificate, when there is no certificateArn";
    return [notAllowed(config, "loadBalancer.https.zoneId", allowed)];
  },
  (config, isValid) => {
    if (!isValid("loadBalancer.https", "region")) return [];
    const arn = config.loadBalancer.https?.certificateArn;
    const allowed = `a certificate in ${config.region}, the region of the load balancer`;
    return arn === undefined || arn.split(":")[3] === config.region
      ? []
      : [notAllowed(config, "loadBalancer.https.certificateArn", allowed)];
  },
  (config, isValid) => {
    if (!isValid("loadBalancer.waf")) return [];
    const { enabled, logs } = config.loadBalancer.waf;
    const allowed = "false without loadBalancer.waf.enabled: there is nothing to log";
    return logs && !enabled ? [notAllowed(config, "loadBalancer.waf.logs", allowed)] : [];
  },
];
