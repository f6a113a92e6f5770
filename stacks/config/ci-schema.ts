import { z } from "zod";
import { quotedList } from "./problems";
import { listOfUnique, number, object, text } from "./rules";

/** The kinds of CI that the roles can trust. */
export const CI_PROVIDERS = ["github", "gitlab", "oidc"] as const;
/** A kind of CI that the roles can trust. */
export type CiProvider = (typeof CI_PROVIDERS)[number];

/**
 * Audience of the tokens that AWS's GitHub action requests, and the usual one for AWS elsewhere
 * (https://docs.gitlab.com/ci/cloud_services/aws/).
 */
export const AWS_AUDIENCE = "sts.amazonaws.com";
/** Issuer of GitLab.com's tokens. Only with it, IAM knows more of GitLab's claims than the subject and the audience. */
export const GITLAB_COM = "https://gitlab.com";

/**
 * Issuer of GitHub's tokens
 * (https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws).
 */
const GITHUB = "https://token.actions.githubusercontent.com";

/** A branch that can stand in a token's subject: without wildcards and without expressions of Terraform. */
const BRANCH = /^[\w][\w./-]{0,200}$/;
/**
 * An issuer as IAM takes it: `https`, no port, no query
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html).
 */
const ISSUER = /^https:\/\/[a-z\d](?:[a-z\d.-]*[a-z\d])?(?:\/[\w.~/-]*)?$/;
/** A provider's ARN ends with the issuer, without `https://`. */
const PROVIDER_ARN = /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/[\w.~/-]+$/;

const id = (whose: string) =>
  number(`an id of ${whose}: a whole number greater than 0`, (value) => Number.isSafeInteger(value) && value > 0);
const branch = text("a branch's name without wildcards", (value) => BRANCH.test(value));
const oidcProviderArn = text(
  "an OIDC provider's ARN such as arn:aws:iam::123456789012:oidc-provider/gitlab.com",
  (value) => PROVIDER_ARN.test(value),
);
const issuer = text(
  "the issuer of the tokens such as https://gitlab.com: https, lower-case host, no port, no query",
  (value) => value.length <= 255 && ISSUER.test(value),
);
const audience = text(
  "the audience of the tokens: 1 to 255 characters without spaces and without wildcards",
  (value) => /^[\w.:/@+~={}-]{1,255}$/.test(value) && !hasExpression(value),
);
const thumbprints = z
  .array(
    text("the SHA-1 thumbprint of a certificate: 40 hexadecimal digits", (value) => /^[\da-fA-F]{40}$/.test(value)),
    {
      error: "a list of thumbprints",
    },
  )
  .min(1, { error: "a list of 1 to 5 thumbprints" })
  .max(5, { error: "a list of 1 to 5 thumbprints" });
/**
 * Managed policy that limits what the three roles can do (a permissions boundary). `deploy` must set the same boundary on
 * every role that it creates. Default: none.
 */
const permissionsBoundaryArn = text(
  "a managed policy's ARN such as arn:aws:iam::123456789012:policy/boundary",
  (value) => /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/.test(value),
);

const githubSchema = object({
  provider: z.literal("github"),
  /**
   * `owner/repository` whose workflows may assume the roles. The stack `access` creates the roles `plan`, `deploy` and `release`.
   * An administrator applies it, because `deploy` can't change its own permissions. Apply it again after turning on
   * `loadBalancer.https` or `loadBalancer.waf`, and after adding a managed policy to `service.taskPolicies`. Default: no such stack.
   */
  repository: text("a GitHub repository such as octo-org/orders", (value) =>
    /^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}\/[\w.-]{1,100}$/.test(value),
  ).optional(),
  /**
   * GitHub's ids of the owner and of the repository. Set both when the repository's tokens contain them, else neither; with the
   * wrong form no job gets a role. Tokens contain them (`repo:octo-org@1/orders@2:…`) for repositories created, renamed or
   * transferred since 15 July 2026, and for those that opted in (GitHub changelog of 23 April 2026).
   * `gh api repos/octo-org/orders --jq '.owner.id, .id'` prints them. Default: tokens with names only. Then somebody who takes
   * over these names on GitHub gets the roles too.
   */
  ownerId: id("GitHub").optional(),
  repositoryId: id("GitHub").optional(),
  /**
   * GitHub environment of the jobs that deploy and release; default: this environment's name. The token's subject of such a job
   * names the GitHub environment instead of the branch, so the roles also require the token's ref. In GitHub's settings, require
   * an approval for the environment, and restrict it to the branch and the tags.
   */
  environment: text("a GitHub environment's name", (value) => /^[\w][\w -]{0,254}$/.test(value)).optional(),
  /**
   * The branch whose jobs deploy and release; jobs of tags `v*` also release. Protect both with the CI's rules. Default: `main`.
   * With GitHub, and with `branch` but without `environment`, the roles trust jobs of the branch that have no GitHub environment.
   * Nobody approves these jobs: everybody who can push to the branch can deploy and release. Tags can't release then.
   */
  branch: branch.optional(),
  /**
   * ARN of the account's OIDC provider for this issuer, when there is one already: an account can have only one for each issuer.
   * Default: the stack creates it.
   */
  oidcProviderArn: oidcProviderArn.optional(),
  permissionsBoundaryArn: permissionsBoundaryArn.optional(),
});

const gitlabSchema = object({
  provider: z.literal("gitlab"),
  /** Path of the project whose jobs may assume the roles, with all its groups: `group/subgroup/project`. */
  project: text(
    "a GitLab project's path such as octo-group/orders",
    (value) => value.length <= 255 && /^[A-Za-z\d_][\w.-]*(?:\/[A-Za-z\d_][\w.-]*)+$/.test(value),
  ),
  /**
   * GitLab's id of the project, only with GitLab.com: AWS knows this claim of no other instance. Without it, somebody who takes
   * over the project's path, after it was deleted or renamed, gets the roles too.
   * (https://docs.gitlab.com/ci/cloud_services/aws/#configure-a-role-and-trust)
   */
  projectId: id("GitLab").optional(),
  branch: branch.optional(),
  /**
   * The GitLab instance, or the issuer that its administrator has set (`ci_id_tokens_issuer_url`). AWS must reach it. Default:
   * `https://gitlab.com`.
   */
  issuer: issuer
    .refine((value) => !value.endsWith("/"), { error: "the GitLab instance, without a slash at its end" })
    .optional(),
  /** Audience of the tokens: what the jobs write as `aud` in `id_tokens`. Default: `sts.amazonaws.com`. */
  audience: audience.optional(),
  oidcProviderArn: oidcProviderArn.optional(),
  /**
   * Thumbprints of the certificate authority of the issuer, only where AWS doesn't trust that authority anyway
   * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html). Default: none.
   */
  thumbprints: thumbprints.optional(),
  permissionsBoundaryArn: permissionsBoundaryArn.optional(),
});

/** Subjects of the tokens that may assume a role: as the issuer writes them, `*` and `?` as IAM's wildcards. */
const subjects = listOfUnique(
  text(
    "a token's subject: 1 to 1000 characters that begin with a letter, a digit, { or /, without ${ and %{",
    (value) => /^[\w{/][\x20-\x7e]{0,999}$/.test(value) && !hasExpression(value),
  ),
  1,
  "a list of subjects, at least one",
);

const oidcSchema = object({
  provider: z.literal("oidc"),
  /** The `iss` of the tokens, as the CI writes it, also its slash at the end. AWS must reach it. */
  issuer,
  /** The `aud` of the tokens. */
  audience,
  /**
   * The `sub` of the tokens, for each role. In `deploy` and `release`, name everything that decides who can start such a job:
   * project, branch, environment. IAM knows no other claim of most issuers.
   */
  subjects: object({ plan: subjects, deploy: subjects, release: subjects }),
  oidcProviderArn: oidcProviderArn.optional(),
  thumbprints: thumbprints.optional(),
  permissionsBoundaryArn: permissionsBoundaryArn.optional(),
});

/** `ci` in the configuration: roles that jobs of a CI assume with the CI's own tokens, without any stored key. */
export const ciSchema = z.discriminatedUnion("provider", [githubSchema, gitlabSchema, oidcSchema], {
  error: `an object whose provider is ${quotedList(CI_PROVIDERS)}`,
});
/** `ci` in the configuration. */
export type Ci = z.infer<typeof ciSchema>;

/** The issuer of the CI's tokens, without `https://`: the names of the claims in IAM conditions start with it. */
export function issuerOf(ci: Ci): string {
  const url = ci.provider === "github" ? GITHUB : (ci.issuer ?? GITLAB_COM);
  return url.slice("https://".length);
}

/** Whether a text has what Terraform or IAM would replace: `${…}`, `%{…}`. */
function hasExpression(value: string): boolean {
  return /[$%]\{/.test(value);
}
