import type { Check } from "./checks";
import { notAllowed } from "./problems";

/** What says nothing without a repository. */
const OF_A_REPOSITORY = ["ownerId", "repositoryId", "environment", "branch", "oidcProviderArn"] as const;

/** What has to fit together in delivery, notifications and GitHub's roles. */
export const deliveryChecks: readonly Check[] = [
  (config, right) => {
    if (!right("network.vpc", "delivery.hook", "loadBalancer.testAllowedCidrs")) return [];
    const { vpc } = config.network;
    if (!vpc || !config.delivery.hook) return [];
    const admitted = (vpc.natAddresses ?? []).length > 0 || config.loadBalancer.testAllowedCidrs.length > 0;
    const allowed =
      "false, or network.vpc.natAddresses must name the addresses that the private subnets come from: the test listener " +
      "would turn the probe away, and every release with it";
    return admitted ? [] : [notAllowed(config, "delivery.hook", allowed)];
  },
  (config, right) => {
    if (!right("notifications")) return [];
    const { enabled, emails, slackWebhookParameter } = config.notifications;
    return enabled || (emails.length === 0 && slackWebhookParameter === undefined)
      ? []
      : [notAllowed(config, "notifications.enabled", "true, where emails or a Slack webhook are to be told")];
  },
  (config, right) => {
    if (!right("github") || config.github.repository !== undefined) return [];
    return OF_A_REPOSITORY.filter((key) => config.github[key] !== undefined).map((key) =>
      notAllowed(config, `github.${key}`, "left out without github.repository: there are no roles then"),
    );
  },
  (config, right) => {
    if (!right("github")) return [];
    const { ownerId, repositoryId } = config.github;
    if ((ownerId === undefined) === (repositoryId === undefined)) return [];
    const [given, lacking] = ownerId === undefined ? ["repositoryId", "ownerId"] : ["ownerId", "repositoryId"];
    return [notAllowed(config, `github.${lacking}`, `given with github.${given}: a token names both or neither`)];
  },
];
