import { object, text } from "./rules";

/** A branch as a token's subject may hold it: no wildcards, nothing Terraform would evaluate. */
const BRANCH = /^[\w][\w./-]{0,200}$/;

/** `github` in the configuration: roles that GitHub's workflows take on without any stored key. */
export const githubSchema = object({
  /**
   * `owner/repository` whose workflows may take the roles on: a stack `access` then makes the roles `plan`, `deploy` and
   * `release`. Whoever can push to the branch can deploy: protect it. Default: no such stack.
   */
  repository: text("a GitHub repository such as octo-org/tasks-api", (value) =>
    /^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}\/[\w.-]{1,100}$/.test(value),
  ).optional(),
  /** Branch whose workflows may deploy and release. */
  branch: text("a branch's name without wildcards", (value) => BRANCH.test(value)),
  /**
   * GitHub environment of the jobs that deploy and release. A job in an environment has that, and not its branch, in
   * its token, so the roles then trust the environment alone: restrict it to the branch, and have somebody approve,
   * in GitHub's settings. Default: none, and the jobs must not name one.
   */
  environment: text("a GitHub environment's name", (value) => /^[\w][\w -]{0,254}$/.test(value)).optional(),
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
