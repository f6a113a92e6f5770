import { isRecord, type Json } from "./change";

/** Stands where a value must not be shown. */
export const SENSITIVE = "(sensitive)";

/** Names that a secret goes by. */
const SECRET_NAME =
  /passw|passphrase|pwd|secret|token|webhook|credential|(?:api|access|auth|private|session|signing)[_-]?key|(?:^|_)pass$/i;
/** Among environment variables, which are written in capitals, any other key is one as well: STRIPE_KEY. */
const SECRET_VARIABLE = /^(?!.*(?:PUBLIC|KMS|HASH|RANGE|SORT|PARTITION|CACHE|OBJECT)_KEY)[A-Z\d_]*_KEY(?:_ID)?$/;
/** They tell where a secret is, not what it is. */
const REFERENCE_NAME = /arn$|^valueFrom$|^name$/i;
/** Values that give themselves away: AWS's and other services' keys, private keys, a password within a URL. */
const SECRET_VALUE =
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\b(?:gh[oprsu]|github_pat|xox[abpr]|[rs]k_live)[-_]\w|-----BEGIN [A-Z ]*PRIVATE KEY|\/\/hooks\.slack\.com\/|:\/\/[^/:@\s]*:[^/@\s]+@/;

/**
 * A copy in which nothing is left that must not be shown: what the mask marks, and what by its name or by itself looks
 * like a secret that a person has written down where it doesn't belong. Documents in strings are looked through. Pure.
 * @param mask true wherever a value is sensitive
 * @param name of the value
 */
export function withoutSecrets(value: Json, mask: Json = false, name = ""): Json {
  return hide(value, mask, name, false);
}

function hide(value: Json, mask: Json, name: string, within: boolean): Json {
  if (value === null) return value;
  if (mask === true) return SENSITIVE;
  const secret = (within || SECRET_NAME.test(name) || SECRET_VARIABLE.test(name)) && !REFERENCE_NAME.test(name);
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, index) => hide(item, partOf(mask, index), name, within));
  }
  if (isRecord(value)) {
    // A variable of a container: {"name": "API_TOKEN", "value": "…"}.
    const named = typeof value["name"] === "string" ? value["name"] : "";
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        hide(inner, partOf(mask, key), key === "value" && named !== "" ? named : key, secret),
      ]),
    );
  }
  if (secret) return SENSITIVE;
  if (typeof value !== "string") return value;
  if (SECRET_VALUE.test(value)) return SENSITIVE;
  const document = documentIn(value);
  return document === undefined ? value : JSON.stringify(hide(document, false, name, false));
}

/** What a mask says of a part: marked as a whole means every part. */
export function partOf(mask: Json, step: string | number): Json {
  if (mask === null || typeof mask !== "object") return mask === true;
  return (mask as Readonly<Record<string | number, Json>>)[step] ?? false;
}

/** The object or list that a text is the JSON of; undefined when it isn't. */
export function documentIn(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
