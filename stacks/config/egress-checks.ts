import type { Check } from "./check";
import { DEFAULT_EGRESS, destinationOf, egressId } from "./egress-schema";
import { notAllowed } from "./problems";

/** Checks what has to fit together in `service.egress`. */
export const egressChecks: readonly Check[] = [
  (config, isValid) => {
    if (!isValid("service.egress")) return [];
    const ids = [egressId(DEFAULT_EGRESS), ...config.service.egress.map(egressId)];
    return config.service.egress.flatMap((rule, index) => {
      const first = ids.indexOf(egressId(rule));
      if (first === index + 1) return [];
      const same = first === 0 ? "the rule that every task has" : `service.egress.${first - 1}`;
      return [{ path: ["service", "egress", index], text: `the same as ${same}; leave it out` }];
    });
  },
  (config, isValid) => {
    if (!isValid("service.egress", "network.vpc") || config.network.vpc !== undefined) return [];
    return config.service.egress.flatMap(({ to }, index) => {
      const destination = destinationOf(to);
      return "kind" in destination && destination.kind === "ipv6"
        ? [
            notAllowed(
              config,
              ["service", "egress", index, "to"],
              "an IPv4 range, a security group or a prefix list: the network that the stacks create has no IPv6; network.vpc may",
            ),
          ]
        : [];
    });
  },
];
