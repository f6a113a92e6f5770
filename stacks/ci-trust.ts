import type { Config } from "./config";
import { AWS_AUDIENCE, GITLAB_COM, issuerOf, type Ci } from "./config/ci-schema";
import { CI_ROLES, type CiRole } from "./names";

/** Values of a token's claims that a role asks for, by the claim's name. */
type Claims = Readonly<Record<string, string | readonly string[]>>;

/** The tokens that may assume a role. */
export interface TrustedTokens {
  /** Claims with exactly one of these values. */
  readonly equal: Claims;
  /** Claims that match one of these patterns, with IAM's wildcards `*` and `?`. */
  readonly like?: Claims;
}

/** A CI whose jobs may assume the roles of an environment, and which jobs these are. */
export interface CiTrust {
  /** Issuer of the tokens, without `https://`. */
  readonly issuer: string;
  readonly audience: string;
  /** The account's provider for this issuer; undefined: the stack creates it. */
  readonly providerArn: string | undefined;
  /** Thumbprints of the issuer's certificate authority, where AWS doesn't trust that one anyway. */
  readonly thumbprints: readonly string[] | undefined;
  readonly tokens: Readonly<Record<CiRole, TrustedTokens>>;
}

/** The CI that the configuration trusts; undefined: none, so that there are no roles. */
export function ciTrustOf({ ci, environment }: Pick<Config, "ci" | "environment">): CiTrust | undefined {
  if (ci === undefined) return undefined;
  const tokens = tokensOf(ci, environment);
  return (
    tokens && {
      issuer: issuerOf(ci),
      audience: ci.provider === "github" ? AWS_AUDIENCE : (ci.audience ?? AWS_AUDIENCE),
      providerArn: ci.oidcProviderArn,
      thumbprints: ci.provider === "github" ? undefined : ci.thumbprints,
      tokens,
    }
  );
}

function tokensOf(ci: Ci, environment: string): CiTrust["tokens"] | undefined {
  switch (ci.provider) {
    case "github":
      return ci.repository === undefined ? undefined : githubTokens(ci, ci.repository, environment);
    case "gitlab":
      return gitlabTokens(ci);
    case "oidc":
      return byRole((role) => ofSubjects(ci.subjects[role]));
  }
}

/**
 * GitHub's tokens. The subject of a job in a GitHub environment names no branch, so the roles also ask for the claim `ref`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
 */
function githubTokens(
  ci: Extract<Ci, { provider: "github" }>,
  repository: string,
  environment: string,
): CiTrust["tokens"] {
  const ref = `refs/heads/${ci.branch ?? "main"}`;
  const subject = (what: string) => `repo:${repositoryName(ci, repository)}:${what}`;
  const isByBranch = ci.branch !== undefined && ci.environment === undefined;
  const protectedJobs = [subject(isByBranch ? `ref:${ref}` : `environment:${ci.environment ?? environment}`)];
  return {
    plan: { equal: { sub: [subject("pull_request"), subject(`ref:${ref}`)] } },
    deploy: { equal: { sub: protectedJobs }, like: { ref: [ref] } },
    release: { equal: { sub: protectedJobs }, like: { ref: [ref, "refs/tags/v*"] } },
  };
}

/** The repository in a token's subject: names only, or names with GitHub's ids, which are never reused. */
function repositoryName({ ownerId, repositoryId }: Extract<Ci, { provider: "github" }>, repository: string): string {
  const [owner = "", name = ""] = repository.split("/");
  return ownerId === undefined || repositoryId === undefined
    ? repository
    : `${owner}@${ownerId}/${name}@${repositoryId}`;
}

/**
 * GitLab's tokens. The subject names the branch or tag of the job, and in a merge request its source branch
 * (https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload). IAM doesn't know the claim `environment`. It knows
 * `project_id` and `ref_protected`, and only of GitLab.com
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
 */
function gitlabTokens({ project, projectId, branch, issuer }: Extract<Ci, { provider: "gitlab" }>): CiTrust["tokens"] {
  const subject = (type: "branch" | "tag", ref: string) => `project_path:${project}:ref_type:${type}:ref:${ref}`;
  const id: Claims = projectId === undefined ? {} : { project_id: String(projectId) };
  const isProtected: Claims = (issuer ?? GITLAB_COM) === GITLAB_COM ? { ref_protected: "true" } : {};
  const deploying = subject("branch", branch ?? "main");
  return {
    plan: { equal: id, like: { sub: [subject("branch", "*")] } },
    deploy: { equal: { sub: [deploying], ...id, ...isProtected } },
    release: { equal: { ...id, ...isProtected }, like: { sub: [deploying, subject("tag", "v*")] } },
  };
}

/** Tokens with these subjects. The pattern operator also takes subjects without wildcards, and both can't be in one policy. */
function ofSubjects(subjects: readonly string[]): TrustedTokens {
  return subjects.some((subject) => /[*?]/.test(subject))
    ? { equal: {}, like: { sub: subjects } }
    : { equal: { sub: subjects } };
}

function byRole(of: (role: CiRole) => TrustedTokens): CiTrust["tokens"] {
  return Object.fromEntries(CI_ROLES.map((role) => [role, of(role)])) as Record<CiRole, TrustedTokens>;
}
