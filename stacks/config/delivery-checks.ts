import type { Check } from "./checks";
import { notAllowed } from "./problems";

/** What has to fit together in delivery, notifications and GitHub's roles. */
export const deliveryChecks: readonly Check[] = [
  (config, right) => {
    const { vpc } = config.network;
    if (!vpc || !config.delivery.hook || !right("network.vpc", "delivery.hook", "loadBalancer.testAllowedCidrs")) {
      return [];
    }
    const admitted = (vpc.natAddresses ?? []).length > 0 || config.loadBalancer.testAllowedCidrs.length > 0;
    const allowed =
      "false, or network.vpc.natAddresses must name the addresses that the private subnets come from: the test listener " +
      "would turn the probe away, and every release with it";
    return admitted ? [] : [notAllowed(config, "delivery.hook", allowed)];
  },
  (config, right) => {
    if (config.notifications.enabled || !right("notifications")) return [];
    const { emails, slackWebhookParameter } = config.notifications;
    return emails.length === 0 && slackWebhookParameter === undefined
      ? []
      : [notAllowed(config, "notifications.enabled", "true, where emails or a Slack webhook are to be told")];
  },
  (config, right) => {
    const { branch, environment } = config.github;
    return right("github") && branch !== undefined && environment !== undefined
      ? [
          notAllowed(
            config,
            "github.branch",
            "left out where github.environment is set: a token names one or the other",
          ),
        ]
      : [];
  },
];
