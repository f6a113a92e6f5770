import { matches, shortList, type Statement } from "./policy";
import { isNegated, isSimple } from "./policy-difference";

/** Names of the issuers that many people share, for messages. */
const SHARED_ISSUERS: Readonly<Record<string, string>> = {
  "token.actions.githubusercontent.com": "workflow on GitHub",
  "gitlab.com": "job on GitLab.com",
};
/** What the subject of a CI begins with, and what it then names, up to the next colon. */
const SOURCES: Readonly<Record<string, string>> = {
  repo: "workflows of other repositories",
  project_path: "jobs of other projects",
};

/**
 * Why the tokens that a trust policy accepts are anybody's; undefined: they are not. Everybody who uses the issuer can get a
 * token from it, so only the condition on the subject decides whose are accepted.
 */
export function openTokens(statement: Statement): string | undefined {
  for (const issuer of issuersOf(statement)) {
    const subjects = valuesOf(statement, issuer, "sub");
    const anybody = `any ${SHARED_ISSUERS[issuer] ?? `job with a token of ${issuer}`} may assume the role`;
    if (subjects === undefined) return `${anybody}: no condition restricts the subject`;
    const open = subjects.filter((subject) => /^[*?]/.test(subject));
    if (open.length > 0) return `${anybody}: ${shortList(open)}`;
    for (const [source, others] of Object.entries(SOURCES)) {
      const wide = subjects.filter((subject) => isOfAnySource(subject, source));
      if (wide.length > 0) return `${others} may assume the role: ${shortList(wide)}`;
    }
  }
  return undefined;
}

/** What may be too wide about the tokens that a new trust policy accepts; empty: nothing. */
export function doubtfulTokens(statement: Statement): readonly string[] {
  return issuersOf(statement).flatMap((issuer) => {
    const unfixed = (valuesOf(statement, issuer, "sub") ?? []).filter(
      (subject) => /[*?]/.test(subject) && !Object.keys(SOURCES).some((source) => subject.startsWith(`${source}:`)),
    );
    const audiences = valuesOf(statement, issuer, "aud");
    return [
      ...(unfixed.length > 0
        ? [`every job of ${issuer} whose subject fits may assume the role: ${shortList(unfixed)}`]
        : []),
      ...(audiences === undefined || audiences.some((audience) => /[*?]/.test(audience))
        ? [`tokens of ${issuer} for any audience of the provider may assume the role`]
        : []),
    ];
  });
}

/** Whether a wildcard stands for the repository or project that a subject names, or for a part of its name. */
function isOfAnySource(subject: string, source: string): boolean {
  return subject.startsWith(`${source}:`)
    ? /[*?]/.test(subject.split(":")[1] ?? "")
    : matches(subject, `${source}:a/b`) || matches(subject, `${source}:a/b:c`);
}

/** The issuers of the tokens that a statement accepts: what stands behind `oidc-provider/` in the principals. */
function issuersOf({ principals }: Statement): readonly string[] {
  return principals.flatMap((principal) => /^Federated:.*?:oidc-provider\/(.+)$/.exec(principal)?.[1] ?? []);
}

/** The values of a claim that every accepted token has; undefined when no condition restricts the claim. */
function valuesOf({ conditions }: Statement, issuer: string, claim: string): readonly string[] | undefined {
  const name = `${issuer}:${claim}`.toLowerCase();
  const found = Object.entries(conditions).filter(
    ([key]) => key.slice(key.indexOf("/") + 1).toLowerCase() === name && !isNegated(key) && isSimple(key),
  );
  return found.length === 0 ? undefined : found.flatMap(([, values]) => values);
}
