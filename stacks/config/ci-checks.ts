import type { Check } from "./check";
import { GITLAB_COM, issuerOf } from "./ci-schema";
import { valueAt } from "./merge";
import { notAllowed } from "./problems";

/** Keys of GitHub that have no effect without a repository. */
const KEYS_OF_A_REPOSITORY = ["ownerId", "repositoryId", "environment", "branch", "oidcProviderArn"] as const;

/** Checks what has to fit together in `ci`. */
export const ciChecks: readonly Check[] = [
  (config, isValid) => {
    const { ci } = config;
    if (!isValid("ci") || ci?.provider !== "github" || ci.repository !== undefined) return [];
    return KEYS_OF_A_REPOSITORY.filter((key) => ci[key] !== undefined).map((key) =>
      notAllowed(config, `ci.${key}`, "left out without ci.repository: there are no roles then"),
    );
  },
  (config, isValid) => {
    const { ci } = config;
    if (!isValid("ci") || ci?.provider !== "github") return [];
    if ((ci.ownerId === undefined) === (ci.repositoryId === undefined)) return [];
    const [given, missing] = ci.ownerId === undefined ? ["repositoryId", "ownerId"] : ["ownerId", "repositoryId"];
    return [notAllowed(config, `ci.${missing}`, `set together with ci.${given}: a token names both or neither`)];
  },
  (config, isValid) => {
    const { ci } = config;
    if (!isValid("ci") || ci?.provider !== "gitlab" || ci.projectId === undefined) return [];
    return (ci.issuer ?? GITLAB_COM) === GITLAB_COM
      ? []
      : [
          notAllowed(
            config,
            "ci.projectId",
            `left out with another issuer than ${GITLAB_COM}: IAM doesn't know the claim there, and no job would get a role`,
          ),
        ];
  },
  (config, isValid) => {
    const { ci } = config;
    if (!isValid("ci") || ci?.oidcProviderArn === undefined) return [];
    const end = `:oidc-provider/${issuerOf(ci)}`;
    return ci.oidcProviderArn.endsWith(end)
      ? []
      : [notAllowed(config, "ci.oidcProviderArn", `the provider of the tokens' issuer: an ARN that ends with ${end}`)];
  },
  (config, isValid) => {
    if (!isValid("ci") || config.ci?.oidcProviderArn === undefined) return [];
    return valueAt(config.ci, ["thumbprints"]) === undefined
      ? []
      : [notAllowed(config, "ci.thumbprints", "left out with ci.oidcProviderArn: that provider has its own")];
  },
];
