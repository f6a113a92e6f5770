import { isObject, valueAt } from "./merge";
import type { ProbeStep } from "./request-schema";

/** A template: `${…}`, or `$${…}` for the text `${…}` itself. */
const TEMPLATE = /\$(\$?)\{([^{}]*)\}/g;
/** A text that is one template and nothing else. */
const WHOLE = /^\$\{([^{}]*)\}$/;

/**
 * The value of a template, by what stands between its braces: `counter`, `uuid`, `title`, or `<request>.<field>`.
 * Throws when there is none.
 */
export type TemplateValues = (reference: string) => unknown;

/** What the templates of a text refer to, in order, such as `counter` or `create.id`. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(TEMPLATE)].filter(([, escape]) => escape === "").map(([, , reference = ""]) => reference);
}

/** The name of the request and the fields of its answer in a reference such as `create.items.0.id`. */
export function partsOf(reference: string): { readonly request: string; readonly fields: readonly string[] } {
  const [request = "", ...fields] = reference.split(".");
  return { request, fields };
}

/**
 * The field of a JSON answer that a reference names.
 * @returns undefined when the answer has no such field
 */
export function fieldOf(answer: unknown, reference: string): unknown {
  return valueAt(answer, partsOf(reference).fields);
}

/**
 * Fills the templates in a JSON value. A text that is one template becomes the value itself, such as a number; in a longer text,
 * the value becomes text. Keys of objects stay as they are.
 */
export function filled(value: unknown, values: TemplateValues): unknown {
  if (typeof value === "string") {
    const [, reference] = WHOLE.exec(value) ?? [];
    return reference === undefined ? filledText(value, values) : values(reference);
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, values)]));
}

/**
 * Fills the templates in a text.
 * @param encode applied to each value, such as `encodeURIComponent` in a path
 */
export function filledText(text: string, values: TemplateValues, encode = (value: string) => value): string {
  return text.replaceAll(TEMPLATE, (template, escape: string, reference: string) =>
    escape === "" ? encode(asText(values(reference))) : template.slice(1),
  );
}

/** Path, headers and body of a configured request. */
type RequestTexts = Pick<ProbeStep, "path" | "headers" | "body">;

/**
 * Fills the templates of a request. In the path, values are percent-encoded; in a header, only characters that a header can't have.
 */
export function filledRequest({ path, headers, body }: RequestTexts, values: TemplateValues): RequestTexts {
  return {
    path: filledText(path, values, percentEncoded),
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, filledText(text, values, headerText)]),
      ),
    }),
    ...(body !== undefined && { body: typeof body === "string" ? filledText(body, values) : filled(body, values) }),
  };
}

/** Whether a status is one of those that a configured request expects; default: any below 400. */
export function isExpectedStatus(status: number, expect: ProbeStep["expect"]): boolean {
  return expect === undefined ? status < 400 : [expect].flat().includes(status);
}

/** Header values are text without line breaks; other characters than ASCII are percent-encoded. */
function headerText(value: string): string {
  return value.replaceAll(/[^\u0020-\u007E]+/gu, percentEncoded);
}

/** Like encodeURIComponent, which throws for half of a character. */
function percentEncoded(value: string): string {
  return encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, "\uFFFD"));
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
