import { number, object, text } from "./rules";

/** A branch as a token's subject may hold it: no wildcards, nothing Terraform would evaluate. */
const BRANCH = /^[\w][\w./-]{0,200}$/;

const id = number("an id as GitHub counts them: a whole number", (value) => Number.isSafeInteger(value) && value > 0);

/** `github` in the configuration: roles that GitHub's workflows take on without any stored key. */
export const githubSchema = object({
  /**
   * `owner/repository` whose workflows may take the roles on: a stack `access` then makes the roles `plan`, `deploy` and
   * `release`. An administrator applies it, and again when `loadBalancer.https` or `loadBalancer.waf` is turned on, or a managed
   * policy comes to `service.taskPolicies`: `deploy` can't change what it may do. Default: no such stack.
   */
  repository: text("a GitHub repository such as octo-org/tasks-api", (value) =>
    /^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}\/[\w.-]{1,100}$/.test(value),
  ).optional(),
  /**
   * GitHub's ids of the owner and of the repository: both where its tokens name both, else neither. They do for repositories
   * made, renamed or transferred since 15 July 2026, and for those that chose so (`repo:octo-org@1/tasks-api@2:…`, GitHub
   * changelog of 23 April 2026). `gh api repos/octo-org/tasks-api --jq '.owner.id, .id'` prints them; with the wrong form no
   * job gets a role. Default: tokens with names alone, which whoever gets hold of the names could make, too.
   */
  ownerId: id.optional(),
  repositoryId: id.optional(),
  /**
   * GitHub environment of the jobs that deploy and release; default: the environment's own name. A job in an environment
   * has that, and not its branch, in its token's subject: so the roles ask for the token's ref beside it. Have somebody
   * approve in GitHub's settings, and restrict it to the branch and the tags there as well.
   */
  environment: text("a GitHub environment's name", (value) => /^[\w][\w -]{0,254}$/.test(value)).optional(),
  /**
   * The one branch whose jobs deploy and release; tags `v*` release, too: protect both by GitHub's rules. Default: `main`.
   * Written without `environment`, it trusts jobs that name no environment instead of those that do: nobody approves them, so
   * whoever can push to the branch deploys and releases, and tags don't.
   */
  branch: text("a branch's name without wildcards", (value) => BRANCH.test(value)).optional(),
  /**
   * ARN of the account's OIDC provider for GitHub, where there is one already: an account can have only one. Default: it
   * is made.
   */
  oidcProviderArn: text("an OIDC provider's ARN such as arn:aws:iam::123456789012:oidc-provider/…", (value) =>
    /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/.test(value),
  ).optional(),
  /**
   * Managed policy that bounds what the three roles can do, and every role that `deploy` makes: it must put the same
   * boundary on them. Default: none.
   */
  permissionsBoundaryArn: text("a managed policy's ARN such as arn:aws:iam::123456789012:policy/boundary", (value) =>
    /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/.test(value),
  ).optional(),
});
