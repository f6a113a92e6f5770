import type { Check } from "./check";
import { isObject } from "./merge";
import { notAllowed, type ConfigProblem } from "./problems";
import { TEMPLATE_NAMES, type ProbeStep } from "./request-schema";
import type { RehearsalRequest } from "./rehearsal-schema";
import { partsOf, referencesIn } from "./request-templates";

/** A header's name (https://www.rfc-editor.org/rfc/rfc9110#name-tokens). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Headers that belong to the connection, or that the sender sets. */
const SENDERS_HEADERS = [
  ...["connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"],
  "x-amzn-trace-id",
];

type Request = RehearsalRequest & ProbeStep;

/** Checks `rehearsal.requests` and `delivery.probe`: names, templates and bodies. */
export const requestChecks: readonly Check[] = [
  (config, isValid) =>
    isValid("rehearsal.requests") && config.rehearsal.requests !== undefined
      ? problemsOf(config.rehearsal.requests, ["rehearsal", "requests"], TEMPLATE_NAMES.rehearsal)
      : [],
  (config, isValid) =>
    isValid("delivery.probe") ? problemsOf(config.delivery.probe, ["delivery", "probe"], TEMPLATE_NAMES.probe) : [],
];

function problemsOf(
  requests: readonly Request[],
  list: readonly PropertyKey[],
  names: readonly string[],
): ConfigProblem[] {
  return requests.flatMap((request, index) => {
    const path = [...list, index];
    const earlier = requests.slice(0, index);
    return [
      ...nameProblems(request, earlier, path),
      ...headerProblems(request, path),
      ...bodyProblems(request, path),
      ...(["path", "headers", "body", "expectBody"] as const).flatMap((key) =>
        templateProblems(request[key], [...path, key], { names, earlier }),
      ),
    ];
  });
}

function nameProblems({ name }: Request, earlier: readonly Request[], path: readonly PropertyKey[]): ConfigProblem[] {
  const first = name === undefined ? -1 : earlier.findIndex((other) => other.name === name);
  return first === -1
    ? []
    : [{ path: [...path, "name"], text: `${JSON.stringify(name)} is also the name of ${first}; choose another one` }];
}

function headerProblems({ headers = {} }: Request, path: readonly PropertyKey[]): ConfigProblem[] {
  // The names of headers have no case.
  const lower = Object.keys(headers).map((name) => name.toLowerCase());
  return Object.keys(headers).flatMap((name, index) => {
    const problem = (text: string) => [{ path: [...path, "headers", name], text }];
    const same = name.toLowerCase();
    if (!HEADER_NAME.test(name)) return problem("not a header's name; must be letters, digits and -");
    if (SENDERS_HEADERS.includes(same)) return problem("set by the sender; leave it out");
    return lower.indexOf(same) < index ? problem("there twice, in other case; keep one") : [];
  });
}

function bodyProblems(request: Request, path: readonly PropertyKey[]): ConfigProblem[] {
  const { method } = request;
  const isHeadOnly = method === "HEAD" && request.expectBody !== undefined;
  return [
    ...(request.body !== undefined && (method === "GET" || method === "HEAD")
      ? [notAllowed(request, "body", `left out with ${method}, which sends none`)]
      : []),
    ...(isHeadOnly ? [notAllowed(request, "expectBody", "left out with HEAD, whose answers have no body")] : []),
  ].map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}

interface Known {
  readonly names: readonly string[];
  readonly earlier: readonly Request[];
}

function templateProblems(value: unknown, path: readonly PropertyKey[], known: Known): ConfigProblem[] {
  if (typeof value === "string") {
    return referencesIn(value).flatMap((reference) => {
      const text = referenceProblem(reference, known);
      return text === undefined ? [] : [{ path, text: `\${${reference}} ${text}` }];
    });
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => templateProblems(item, [...path, index], known));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(referencesIn(key).length > 0
      ? [{ path: [...path, key], text: "templates in keys are not filled; write $${ for the text ${" }]
      : []),
    ...templateProblems(inner, [...path, key], known),
  ]);
}

/** What is wrong with a reference, to follow it; undefined when it is right. */
function referenceProblem(reference: string, { names, earlier }: Known): string | undefined {
  if (names.includes(reference)) return undefined;
  const named = earlier.flatMap(({ name }) => name ?? []);
  const { request, fields } = partsOf(reference);
  const found = earlier.find(({ name }) => name === request);
  if (found === undefined) {
    const known = [...names, ...named.map((name) => `${name}.<field>`)].map((name) => `\${${name}}`).join(", ");
    return `is no answer of an earlier request; known here: ${known} ($\${ stands for the text \${)`;
  }
  if (fields.length === 0 || fields.includes("")) {
    return `must name a field of the answer, such as \${${request}.id}`;
  }
  return found.method === "HEAD" ? `can't have a value: answers to HEAD have no body` : undefined;
}
