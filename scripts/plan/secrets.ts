import { isRecord, textOf, type Json } from "./change";
import { isSecretName } from "./secret-names";
import { secretSpans, type Span } from "./secret-shapes";

/** Stands where a value must not be shown. */
export const SENSITIVE = "(sensitive)";

/** They tell where a secret is, not what it is. */
const REFERENCE_NAME = /arn$|^valueFrom$|^name$/i;
/** Pairs as containers, parameters and headers have them: {"name": "API_TOKEN", "value": "…"}. */
const PAIR_NAMES = ["name", "Name", "key", "Key"];
const PAIR_VALUE = /^(?:value|insecure_value)$/i;

/**
 * A copy in which nothing is left that must not be shown: what the mask marks, and what by its name or by its shape looks
 * like a secret that a person has written down where it doesn't belong. Documents in strings are looked through. Pure.
 * @param mask true wherever a value is sensitive
 * @param name of the value
 */
export function withoutSecrets(value: Json, mask: Json = false, name = ""): Json {
  return hide(value, mask, name, false);
}

/** A text in which every secret gives way to a sign; the rest of it stays readable. Pure. */
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
    return items.map((item, index) => hide(item, partOf(mask, index), name, within));
  }
  if (isRecord(value)) {
    const named = PAIR_NAMES.map((key) => textOf(value[key])).find((one) => one !== "") ?? "";
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        textWithoutSecrets(key),
        hide(inner, partOf(mask, key), PAIR_VALUE.test(key) && named !== "" ? named : key, secret),
      ]),
    );
  }
  if (secret) return SENSITIVE;
  if (typeof value !== "string") return value;
  const document = documentIn(value);
  return document === undefined ? textWithoutSecrets(value) : JSON.stringify(hide(document, false, name, false));
}

/** A command line in parts: an option may be one of them, and its value the next. */
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
