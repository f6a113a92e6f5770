import type { Check } from "./checks";
import { ALWAYS, destinationOf, egressId } from "./egress-schema";
import { notAllowed } from "./problems";

/** What has to fit together in the tasks' ways out. */
export const egressChecks: readonly Check[] = [
  (config, right) => {
    if (!right("service.egress")) return [];
    const ids = [egressId(ALWAYS), ...config.service.egress.map(egressId)];
    return config.service.egress.flatMap((rule, index) => {
      const first = ids.indexOf(egressId(rule));
      if (first === index + 1) return [];
      const where = first === 0 ? "which every task has" : `as service.egress.${first - 1} is`;
      return [{ path: ["service", "egress", index], text: `there already, ${where}; leave it out` }];
    });
  },
  (config, right) => {
    if (!right("service.egress", "network.vpc") || config.network.vpc !== undefined) return [];
    return config.service.egress.flatMap(({ to }, index) => {
      const destination = destinationOf(to);
      return "kind" in destination && destination.kind === "ipv6"
        ? [
            notAllowed(
              config,
              ["service", "egress", index, "to"],
              "an IPv4 range, a security group or a prefix list: the network that is made here has no IPv6; network.vpc may",
            ),
          ]
        : [];
    });
  },
];
