import { z } from "zod";
import { isObject, valueAt } from "./merge";

/** Keys that say which of several objects is meant. */
const KINDS = ["backend", "provider"] as const;

/** One problem of the configuration. */
export interface ConfigProblem {
  /** Keys of the value, from the top of an environment's configuration. */
  readonly path: readonly PropertyKey[];
  /** What is wrong and what is allowed. It follows the path in a message. */
  readonly text: string;
}

/**
 * The problem of a value that is not allowed.
 * @param at path of the value in `root`: keys, or a dotted path
 * @param allowed what the value must be
 */
export function notAllowed(root: unknown, at: readonly PropertyKey[] | string, allowed: string): ConfigProblem {
  const path = typeof at === "string" ? at.split(".") : at;
  const value = valueAt(root, path);
  if (value === undefined) return { path, text: `missing; must be ${allowed}` };
  return { path, text: `${show(value)} is not allowed; must be ${allowed}` };
}

/** The problem of an unknown key. `known` are the allowed keys. */
export function unknownKey(path: readonly PropertyKey[], known: readonly string[]): ConfigProblem {
  const meant = closest(String(path.at(-1)), known);
  return {
    path,
    text: `unknown key; ${meant === undefined ? `known here: ${known.join(", ")}` : `did you mean ${meant}?`}`,
  };
}

/** The problems that the schema finds in a merged configuration: at most one for each value. */
export function schemaProblems(schema: z.ZodType, root: unknown): ConfigProblem[] {
  const result = schema.safeParse(root);
  if (result.success) return [];
  const problems = result.error.issues.flatMap((issue) => fromIssue(schema, root, issue, []));
  const seen = new Set<string>();
  return problems.filter(({ path }) => {
    const key = path.join("\0");
    return !seen.has(key) && seen.add(key);
  });
}

function fromIssue(
  schema: z.ZodType,
  root: unknown,
  issue: z.core.$ZodIssue,
  above: readonly PropertyKey[],
): ConfigProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, root, path);
    return issue.keys.map((key) => unknownKey([...path, key], known));
  }
  if (issue.code === "invalid_union") {
    // For an object, the problems of the object branch are the most helpful ones.
    const branch = issue.errors.find((issues) =>
      issues.every((inner) => inner.path.length > 0 || inner.code === "unrecognized_keys"),
    );
    if (branch && isObject(valueAt(root, path))) return branch.flatMap((inner) => fromIssue(schema, root, inner, path));
  }
  return [notAllowed(root, path, issue.message)];
}

/** The keys that the schema allows in the object at `path`. */
function keysAt(schema: z.ZodType, root: unknown, path: readonly PropertyKey[]): string[] {
  let candidates: z.core.$ZodType[] = [schema];
  for (const key of path) {
    candidates =
      typeof key === "number"
        ? candidates.flatMap(itemsOf)
        : candidates.flatMap(objectsIn).flatMap((object) => object.shape[String(key)] ?? []);
  }
  const value = valueAt(root, path);
  const objects = candidates.flatMap(objectsIn);
  // Of a union, only the objects of the chosen kind.
  const chosen = objects.filter(({ shape }) =>
    KINDS.some((key) => isObject(value) && shape[key]?.safeParse(value[key]).success),
  );
  return (chosen.length > 0 ? chosen : objects).flatMap(({ shape }) => Object.keys(shape));
}

function objectsIn(schema: z.core.$ZodType): z.ZodObject<Record<string, z.ZodType>>[] {
  if (schema instanceof z.ZodOptional) return objectsIn(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(objectsIn);
  return schema instanceof z.ZodObject ? [schema] : [];
}

/** The schemas of the items of a list. */
function itemsOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional) return itemsOf(schema.unwrap());
  return schema instanceof z.ZodArray ? [schema.element] : [];
}

function show(value: unknown): string {
  // JSON.stringify turns Infinity, which JSON.parse reads for 1e999, into null.
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The word in `known` that is most similar to a mistyped word; undefined when none is similar. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, "");
  const [whole, ...others] = known.filter((candidate) => word.length > 2 && plain(candidate).startsWith(plain(word)));
  if (whole !== undefined && others.length === 0) return whole;
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(plain(word), plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** Levenshtein distance: the number of insertions, deletions and replacements that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** A list for a sentence: `"a", "b" or "c"`. */
export function quotedList(values: readonly (string | number)[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  const last = quoted.pop() ?? "nothing";
  return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}
