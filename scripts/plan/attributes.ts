import { isMasked, isRecord, valueAt, type Change, type Json, type Path } from "./change";
import { nameOf, same } from "./rules/rule";

/** One attribute that differs between the two sides of a change. */
export interface Difference {
  /** e.g. health_check.interval */
  readonly name: string;
  /** Text of each side, never a sensitive value; undefined where there is none. Several lines for documents. */
  readonly before?: string;
  readonly after?: string;
  /** It can't be changed in place: it is why the resource is replaced. */
  readonly forcesReplacement: boolean;
}

export const SENSITIVE = "(sensitive)";
export const AFTER_APPLY = "(known after apply)";

/** Computed, or repeated elsewhere: noise in what is made anew. */
const NOISE = ["id", "arn", "tags_all", "tags"];
/** What a person may have written down where it doesn't belong. */
const SECRET = /passw|secret|token|webhook|private_?key|credential/i;

/**
 * The attributes that differ. A resource that is made shows what is set and known; one that is destroyed shows none.
 * Pure.
 */
export function differencesOf(change: Change): readonly Difference[] {
  if (change.kind === "delete" || change.kind === "forget" || change.kind === "move") return [];
  const found: Difference[] = [];
  const visit = (before: Json, after: Json, path: Path): void => {
    const unknown = isMasked(change.afterUnknown, path);
    const secret = isMasked(change.beforeSensitive, path) || isMasked(change.afterSensitive, path) || isSecret(path);
    if (isEmpty(before) && isEmpty(after) && !unknown) return;
    if (same(before, after) && !unknown) return;
    if (change.kind === "create" && (unknown || (path.length === 1 && NOISE.includes(nameOf(path))))) return;
    if (!secret && !unknown && (isNested(before) || isNested(after))) {
      for (const step of stepsOf(before, after)) visit(child(before, step), child(after, step), [...path, step]);
      return;
    }
    const forcesReplacement = change.replacePaths.some((forced) => nameOf(path).startsWith(nameOf(forced)));
    // Whatever is replaced has another id, and all that AWS computes anew.
    if (change.kind === "replace" && unknown && !forcesReplacement) return;
    const text = (value: Json) => (isEmpty(value) ? undefined : secret ? SENSITIVE : textOf(value));
    const [from, to] = [text(before), unknown ? AFTER_APPLY : text(after)];
    found.push({
      name: nameIn(change, path),
      ...(from !== undefined && { before: from }),
      ...(to !== undefined && { after: to }),
      forcesReplacement,
    });
  };
  const sides = [isRecord(change.before) ? change.before : {}, isRecord(change.after) ? change.after : {}] as const;
  const unknown = isRecord(change.afterUnknown) ? Object.keys(change.afterUnknown) : [];
  for (const name of new Set([...Object.keys(sides[0]), ...Object.keys(sides[1]), ...unknown])) {
    visit(sides[0][name] ?? null, sides[1][name] ?? null, [name]);
  }
  // Every tag is also among tags_all.
  return found.filter(
    ({ name }) => !found.some((other) => name === other.name.replace(/^tags\./, "tags_all.") && other.name !== name),
  );
}

/** Attributes as Terraform's users know them; the position in a list only where there are several. */
function nameIn(change: Change, path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "string") return index === 0 ? step : `.${step}`;
      const lists = [change.before, change.after].map((side) => valueAt(side, path.slice(0, index)));
      return lists.some((list) => Array.isArray(list) && list.length > 1) ? `[${step}]` : "";
    })
    .join("");
}

/** An object, or a list of them: shown by its parts. A list of plain values is shown as one. */
function isNested(value: Json): boolean {
  return isRecord(value) || (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null));
}

function stepsOf(before: Json, after: Json): readonly (string | number)[] {
  const keys = [before, after].flatMap((value) =>
    value !== null && typeof value === "object" ? Object.keys(value) : [],
  );
  const numeric = Array.isArray(before) || Array.isArray(after);
  return [...new Set(keys)].map((key) => (numeric ? Number(key) : key));
}

function child(value: Json, step: string | number): Json {
  if (value === null || typeof value !== "object") return null;
  return (value as Readonly<Record<string | number, Json>>)[step] ?? null;
}

function isEmpty(value: Json): boolean {
  if (value === null || typeof value !== "object") return value === null || value === "" || value === false;
  return Object.values(value).every(isEmpty);
}

function isSecret(path: Path): boolean {
  return path.some((step) => typeof step === "string" && SECRET.test(step) && !/_arn$|^valueFrom$/.test(step));
}

/** JSON in a string is a document: shown over several lines, with what looks like a secret left out. */
function textOf(value: Json): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (!/^\s*[[{]/.test(value)) return value.includes("\n") ? value : JSON.stringify(value);
  try {
    return JSON.stringify(withoutSecrets(JSON.parse(value) as Json), null, 2);
  } catch {
    return value;
  }
}

function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutSecrets);
  if (!isRecord(value)) return value;
  const { name } = value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      // An environment variable of a container: {"name": "API_TOKEN", "value": "…"}.
      const secret = isSecret([key]) || (key === "value" && typeof name === "string" && SECRET.test(name));
      return [key, secret && typeof inner !== "object" ? SENSITIVE : withoutSecrets(inner)];
    }),
  );
}
