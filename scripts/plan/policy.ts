import { isRecord, stringsOf, type Json } from "./change";

/** One statement of an IAM policy, its lists always lists. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** `<kind>:<who>`, e.g. `AWS:arn:…` or `Service:ecs-tasks.amazonaws.com`; `*` for anybody. Empty: the policy's holder. */
  readonly principals: readonly string[];
  /** NotAction, NotResource or NotPrincipal: it means everything but what it names. */
  readonly negated: readonly string[];
  /** Values by `<operator>/<key>`. */
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

function readStatement(statement: Readonly<Record<string, Json>>): Statement {
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

/** The statements that allow something which no statement of `before` allowed as widely. */
export function newGrants(before: readonly Statement[], after: readonly Statement[]): readonly Statement[] {
  const old = before.filter(({ effect }) => effect === "Allow");
  return after.filter((statement) => statement.effect === "Allow" && !old.some((one) => covers(one, statement)));
}

/** The prohibitions of `before` that `after` has no more, or has narrower. */
export function liftedDenials(before: readonly Statement[], after: readonly Statement[]): readonly Statement[] {
  const kept = after.filter(({ effect }) => effect === "Deny");
  return before.filter((statement) => statement.effect === "Deny" && !kept.some((one) => covers(one, statement)));
}

/** Whether whatever `narrow` speaks of is also what `wide` speaks of. Errs on the side of no. */
export function covers(wide: Statement, narrow: Statement): boolean {
  if (wide.negated.length > 0 || narrow.negated.length > 0) return JSON.stringify(wide) === JSON.stringify(narrow);
  return (
    allMatch(wide.actions, narrow.actions, true) &&
    (narrow.resources.length === 0 || allMatch(wide.resources, narrow.resources, false)) &&
    (wide.principals.includes("*") || narrow.principals.every((who) => wide.principals.includes(who))) &&
    // Every condition that held before must still hold, for no more values.
    Object.entries(wide.conditions).every(([key, values]) => {
      const now = narrow.conditions[key];
      return now !== undefined && now.every((value) => values.includes(value));
    })
  );
}

function allMatch(patterns: readonly string[], names: readonly string[], ignoreCase: boolean): boolean {
  return names.every((name) => patterns.some((pattern) => matches(pattern, name, ignoreCase)));
}

/** IAM's wildcards: `*` for any characters, `?` for one. A wildcard in `name` is only matched by a wildcard. */
export function matches(pattern: string, name: string, ignoreCase = false): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", "[^*]");
  return new RegExp(`^${source}$`, ignoreCase ? "is" : "s").test(name);
}

const READING = /^[\w-]+:(Get|List|Describe|BatchGet|BatchCheck|Lookup|View|Search|Test|Simulate)\w*\*?$/i;

/** Whether an action only reads, however many it stands for. */
export function onlyReads(action: string): boolean {
  return READING.test(action);
}

/** What is too wide in a statement that allows; empty: nothing. */
export function wildcardsIn(statement: Statement): readonly string[] {
  const wide = statement.actions.filter((action) => action.includes("*") && !onlyReads(action));
  const writes = statement.actions.filter((action) => !onlyReads(action));
  return [
    ...statement.negated.map((name) => `${name}: everything but ${listed(statement)}`),
    ...(wide.length > 0 && statement.negated.length === 0 ? [`any action like ${wide.join(", ")}`] : []),
    ...(statement.resources.includes("*") && writes.length > 0 && statement.negated.length === 0
      ? [`${few(writes)} on every resource`]
      : []),
  ];
}

/** Names a few, and how many more there are. */
export function few(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function listed({ actions, resources, negated }: Statement): string {
  return few(negated.includes("NotAction") ? actions : resources);
}
