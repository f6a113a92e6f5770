import { documentIn, isRecord, maskAt, textOf, type Json } from "./json-values";
import { isSecretName } from "./secret-names";
import { secretSpans, type Span } from "./secret-shapes";

/** Replaces a value that must not be shown. */
export const SENSITIVE = "(sensitive)";

/** Names of values that refer to a secret and don't hold it. */
const REFERENCE_NAME = /arn$|^valueFrom$|^name$/i;
/** Names of the members of a pair in containers, parameters and headers: {"name": "API_TOKEN", "value": "…"}. */
const PAIR_NAMES = ["name", "Name", "key", "Key"];
const PAIR_VALUE = /^(?:value|insecure_value)$/i;

/**
 * A copy without secrets: without values that the mask marks, values whose name is that of a secret, and parts of texts that have
 * the shape of a secret. JSON documents in strings are searched too. Pure.
 * @param mask true wherever a value is sensitive
 * @param name of the value, as far as it has one
 */
export function withoutSecrets(value: Json, mask: Json = false, name = ""): Json {
  return hide(value, mask, name, false);
}

/** A text in which every secret is replaced by `SENSITIVE`; the rest stays readable. Pure. */
export function textWithoutSecrets(text: string): string {
  return replaced(text, secretSpans(text));
}

function hide(value: Json, mask: Json, name: string, within: boolean): Json {
  if (value === null) return value;
  if (mask === true) return SENSITIVE;
  const secret = (within || isSecretName(name)) && !REFERENCE_NAME.test(name);
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    const items = secret ? list : withoutCommandSecrets(list);
    return items.map((item, index) => hide(item, maskAt(mask, index), name, within));
  }
  if (isRecord(value)) {
    const named = PAIR_NAMES.map((key) => textOf(value[key])).find((one) => one !== "") ?? "";
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        textWithoutSecrets(key),
        hide(inner, maskAt(mask, key), PAIR_VALUE.test(key) && named !== "" ? named : key, secret),
      ]),
    );
  }
  if (secret) return SENSITIVE;
  if (typeof value !== "string") return value;
  const document = documentIn(value);
  return document === undefined ? textWithoutSecrets(value) : JSON.stringify(hide(document, false, name, false));
}

/** Hides secrets in a command line that is a list: an option may be one element, and its value the next. */
function withoutCommandSecrets(items: readonly Json[]): readonly Json[] {
  if (!items.every((item) => typeof item === "string") || !items.some((item) => item.startsWith("-"))) return items;
  const spans = secretSpans(items.join(" "));
  let start = 0;
  return items.map((item) => {
    const [first, last] = [start, start + item.length];
    start = last + 1;
    const own = spans.map(([from, to]): Span => [Math.max(from, first) - first, Math.min(to, last) - first]);
    return replaced(
      item,
      own.filter(([from, to]) => from < to),
    );
  });
}

function replaced(text: string, spans: readonly Span[]): string {
  return spans.reduceRight((all, [start, end]) => `${all.slice(0, start)}${SENSITIVE}${all.slice(end)}`, text);
}
