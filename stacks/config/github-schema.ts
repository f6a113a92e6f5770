import { object, text } from "./rules";

/** A branch as a token's subject may hold it: no wildcards, nothing Terraform would evaluate. */
const BRANCH = /^[\w][\w./-]{0,200}$/;

/** `github` in the configuration: roles that GitHub's workflows take on without any stored key. */
export const githubSchema = object({
  /**
   * `owner/repository` whose workflows may take the roles on: a stack `access` then makes the roles `plan`, `deploy` and
   * `release`. An administrator applies it, and again when `loadBalancer.https` or `loadBalancer.waf` is turned on: `deploy`
   * can't change what it may do. Default: no such stack.
   */
  repository: text("a GitHub repository such as octo-org/tasks-api", (value) =>
    /^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}\/[\w.-]{1,100}$/.test(value),
  ).optional(),
  /**
   * GitHub environment of the jobs that deploy and release; default: the environment's own name. A job in an environment
   * has that, and not its branch, in its token, so the roles trust the environment alone: in GitHub's settings restrict
   * it to the protected branch (and to release tags), and have somebody approve. Without that restriction, any branch deploys.
   */
  environment: text("a GitHub environment's name", (value) => /^[\w][\w -]{0,254}$/.test(value)).optional(),
  /**
   * Trusts jobs of this branch that name no environment, instead of those that do. Nobody approves them: whoever can push
   * to the branch can deploy and release. Default: none.
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
