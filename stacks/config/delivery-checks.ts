import type { Check } from "./check";
import { notAllowed } from "./problems";

/** Keys of `github` that have no effect without a repository. */
const KEYS_OF_A_REPOSITORY = ["ownerId", "repositoryId", "environment", "branch", "oidcProviderArn"] as const;

/** Checks what has to fit together in `delivery`, `notifications` and `github`. */
export const deliveryChecks: readonly Check[] = [
  (config, isValid) => {
    if (!isValid("network.vpc", "delivery.hook", "loadBalancer.testAllowedCidrs")) return [];
    const { vpc } = config.network;
    if (!vpc || !config.delivery.hook) return [];
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
  (config, isValid) => {
    if (!isValid("github") || config.github.repository !== undefined) return [];
    return KEYS_OF_A_REPOSITORY.filter((key) => config.github[key] !== undefined).map((key) =>
      notAllowed(config, `github.${key}`, "left out without github.repository: there are no roles then"),
    );
  },
  (config, isValid) => {
    if (!isValid("github")) return [];
    const { ownerId, repositoryId } = config.github;
    if ((ownerId === undefined) === (repositoryId === undefined)) return [];
    const [given, missing] = ownerId === undefined ? ["repositoryId", "ownerId"] : ["ownerId", "repositoryId"];
    return [
      notAllowed(config, `github.${missing}`, `set together with github.${given}: a token names both or neither`),
    ];
  },
];
