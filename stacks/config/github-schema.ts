import { number, object, text } from "./rules";

/** A branch that can stand in a token's subject: without wildcards and without expressions of Terraform. */
const BRANCH = /^[\w][\w./-]{0,200}$/;

const id = number(
  "an id of GitHub: a whole number greater than 0",
  (value) => Number.isSafeInteger(value) && value > 0,
);

/** `github` in the configuration: roles that GitHub's workflows assume, without any stored key. */
export const githubSchema = object({
  /**
   * `owner/repository` whose workflows may assume the roles. The stack `access` creates the roles `plan`, `deploy` and `release`.
   * An administrator applies it, because `deploy` can't change its own permissions. Apply it again after turning on
   * `loadBalancer.https` or `loadBalancer.waf`, and after adding a managed policy to `service.taskPolicies`. Default: no such stack.
   */
  repository: text("a GitHub repository such as octo-org/tasks-api", (value) =>
    /^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}\/[\w.-]{1,100}$/.test(value),
  ).optional(),
  /**
   * GitHub's ids of the owner and of the repository. Set both when the repository's tokens contain them, else neither; with the
   * wrong form no job gets a role. Tokens contain them (`repo:octo-org@1/tasks-api@2:…`) for repositories created, renamed or
   * transferred since 15 July 2026, and for those that opted in (GitHub changelog of 23 April 2026).
   * `gh api repos/octo-org/tasks-api --jq '.owner.id, .id'` prints them. Default: tokens with names only. Then somebody who takes
   * over these names on GitHub gets the roles too.
   */
  ownerId: id.optional(),
  repositoryId: id.optional(),
  /**
   * GitHub environment of the jobs that deploy and release; default: this environment's name. The token's subject of such a job
   * names the GitHub environment instead of the branch, so the roles also require the token's ref. In GitHub's settings, require
   * an approval for the environment, and restrict it to the branch and the tags.
   */
  environment: text("a GitHub environment's name", (value) => /^[\w][\w -]{0,254}$/.test(value)).optional(),
  /**
   * The branch whose jobs deploy and release; jobs of tags `v*` also release. Protect both with GitHub's rules. Default: `main`.
   * With `branch` but without `environment`, the roles trust jobs of the branch that have no GitHub environment. Nobody
   * approves these jobs: everybody who can push to the branch can deploy and release. Tags can't release then.
   */
  branch: text("a branch's name without wildcards", (value) => BRANCH.test(value)).optional(),
  /**
   * ARN of the account's OIDC provider for GitHub, when there is one already: an account can have only one. Default: the stack
   * creates it.
   */
  oidcProviderArn: text("an OIDC provider's ARN such as arn:aws:iam::123456789012:oidc-provider/…", (value) =>
    /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/.test(value),
  ).optional(),
  /**
   * Managed policy that limits what the three roles can do (a permissions boundary). `deploy` must set the same boundary on
   * every role that it creates. Default: none.
   */
  permissionsBoundaryArn: text("a managed policy's ARN such as arn:aws:iam::123456789012:policy/boundary", (value) =>
    /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/.test(value),
  ).optional(),
});
