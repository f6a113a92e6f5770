import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { SecretLintRuleContext } from "@secretlint/types";
import type { Span } from "./secret-shapes";

/**
 * Tokens that secretlint's rules don't know, or find only at their full length. A part of a token must not be shown either.
 */
const TOKENS: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\b(?:gh[oprsu]|github_pat|xox[abeprs]|xapp|[rs]k_(?:live|test)|glpat|gldt|npm|dckr_pat|pypi|whsec|dop_v1|NRAK|shp(?:at|ca|pa|ss))[-_](?=\w)[\w-]*/g,
  /\bAIza[\w-]{30,}/g,
  /\bya29\.[\w-]{20,}/g,
  /\bhv[bs]\.[\w-]{20,}/g,
  /\bsk-(?=[\w-]*\d)[\w-]{20,}/g,
  /\bdt0[a-z]\d\d\.[A-Z\d]{24}\.[A-Z\d]{64}\b/g,
  /\bSG\.[\w-]{10,}\.[\w-]{10,}/g,
  // A JSON Web Token, signed or not.
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY[\s\S]*?(?:-----END [A-Z ]*-----|$)/g,
  /\bAGE-SECRET-KEY-1\w+/g,
];

/** Rules that are not used: the first two hide whole URLs, of which `secret-shapes.ts` hides only the password; the last is about comments in sources. */
const LEFT_OUT = ["basicauth", "database-connection-string", "filter-comments"];
const SCANNERS = rules.filter(({ meta }) => !LEFT_OUT.some((name) => meta.id.endsWith(`-rule-${name}`)));
/** Characters of a token: some rules report only the prefix that identifies it. */
const TOKEN_SIGN = /[\w+/=.~-]/;

/** The parts of a text that are tokens or keys of known services. Pure. */
export function tokenSpans(text: string): readonly Span[] {
  const own = TOKENS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ index, 0: token }): Span => [index, index + token.length]),
  );
  return [...own, ...scan(text)];
}

/** Runs secretlint's rules on a text. The rules used here report synchronously, so their promises need no await. */
function scan(text: string): readonly Span[] {
  const spans: Span[] = [];
  const context: SecretLintRuleContext = {
    sharedOptions: {},
    createTranslator: () => (messageId, data) => ({
      ...{ message: String(messageId), messageId: String(messageId), data },
    }),
    report: ({ range: [start, end] }) => {
      let last = end;
      while (last < text.length && TOKEN_SIGN.test(text[last] ?? "")) last += 1;
      spans.push([start, last]);
    },
    ignore: () => undefined,
  };
  for (const rule of SCANNERS) {
    void rule.create(context, {}).file?.({ filePath: "", ext: "", contentType: "text", content: text } as never);
  }
  return spans;
}
