import { isRecord, stringsOf, type Json, type JsonRecord } from "./json-values";
/** One statement of an IAM policy. Values that may be single or a list are always lists. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /**
   * `<kind>:<name>`, e.g. `AWS:arn:…` or `Service:ecs-tasks.amazonaws.com`; `*` for anybody. Empty in an identity policy, which
   * applies to its holder.
   */
  readonly principals: readonly string[];
  /** Which of NotAction, NotResource and NotPrincipal it has: these mean everything except what they name. */
  readonly negated: readonly string[];
  /** Values by `<operator>/<key>`, e.g. `StringEquals/aws:SourceArn`. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
}

/** Reads a policy document; undefined when the text isn't one. */
export function readPolicy(text: Json | undefined): readonly Statement[] | undefined {
  if (typeof text !== "string") return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(document)) return undefined;
  const { Statement: statements } = document;
  return (Array.isArray(statements) ? (statements as readonly unknown[]) : [statements])
    .filter(isRecord)
    .map(readStatement);
}

function readStatement(statement: JsonRecord): Statement {
  return {
    effect: statement["Effect"] === "Deny" ? "Deny" : "Allow",
    actions: stringsOf(statement["Action"] ?? statement["NotAction"]),
    resources: stringsOf(statement["Resource"] ?? statement["NotResource"]),
    principals: principalsOf(statement["Principal"] ?? statement["NotPrincipal"]),
    negated: ["NotAction", "NotResource", "NotPrincipal"].filter((name) => statement[name] !== undefined),
    conditions: conditionsOf(statement["Condition"]),
  };
}

function principalsOf(principal: Json | undefined): readonly string[] {
  if (!isRecord(principal)) return stringsOf(principal);
  return Object.entries(principal).flatMap(([kind, who]) =>
    stringsOf(who).map((name) => (kind === "AWS" && name === "*" ? "*" : `${kind}:${name}`)),
  );
}

function conditionsOf(condition: Json | undefined): Statement["conditions"] {
  if (!isRecord(condition)) return {};
  return Object.fromEntries(
    Object.entries(condition).flatMap(([operator, keys]) =>
      isRecord(keys)
        ? Object.entries(keys).map(([key, values]) => [
            `${operator}/${key}`,
            (Array.isArray(values) ? values : [values]).map(String),
          ])
        : [],
    ),
  );
}

/**
 * Whether an IAM pattern matches a name: `*` stands for any characters, `?` for one. A wildcard in `name` is only matched by a
 * wildcard.
 */
export function matches(pattern: string, name: string, ignoreCase = false): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", "[^*]");
  return new RegExp(`^${source}$`, ignoreCase ? "is" : "s").test(name);
}

/** The first three names, and how many more there are. */
export function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
