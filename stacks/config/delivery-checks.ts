import type { Check } from "./check";
import { notAllowed } from "./problems";

/** Checks what has to fit together in `delivery` and `notifications`. */
export const deliveryChecks: readonly Check[] = [
  (config, isValid) => {
    if (!isValid("network.vpc", "delivery.hook", "loadBalancer")) return [];
    const { vpc } = config.network;
    // Who reaches an existing test listener is up to its owner.
    if (!vpc || !config.delivery.hook || config.loadBalancer.existing) return [];
    const admitted = (vpc.natAddresses ?? []).length > 0 || config.loadBalancer.testAllowedCidrs.length > 0;
    const allowed =
      "false, or network.vpc.natAddresses must name the public addresses of the private subnets: otherwise the test listener " +
      "rejects the probe, and every release fails";
    return admitted ? [] : [notAllowed(config, "delivery.hook", allowed)];
  },
  (config, isValid) => {
    if (!isValid("notifications")) return [];
    const { enabled, emails, slackWebhookParameter } = config.notifications;
    return enabled || (emails.length === 0 && slackWebhookParameter === undefined)
      ? []
      : [notAllowed(config, "notifications.enabled", "true when there are emails or a Slack webhook")];
  },
];
