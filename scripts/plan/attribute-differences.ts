import { hasTrue, isRecord, valueAt, type Change, type Json, type Path } from "./change";
import { nameOf, same } from "./rules/rule";
import { documentIn, partOf, SENSITIVE, withoutSecrets } from "./secrets";

/** One attribute that differs between the two sides of a change. */
export interface AttributeDifference {
  /** e.g. health_check.interval */
  readonly name: string;
  /** Text of each side, never a sensitive value; undefined where there is none. Several lines for documents. */
  readonly before?: string;
  readonly after?: string;
  /** It can't be changed in place: it is why the resource is replaced. */
  readonly forcesReplacement: boolean;
}

const AFTER_APPLY = "(known after apply)";

/** Computed, or repeated elsewhere: noise in what is made anew. */
const HIDDEN_ON_CREATE = ["id", "arn", "tags_all", "tags"];

/** A part of a change: what it is, what of it may be shown, and what of it is only known after apply. */
interface Part {
  readonly path: Path;
  readonly before: Json;
  readonly after: Json;
  readonly shownBefore: Json;
  readonly shownAfter: Json;
  readonly unknown: Json;
}

/**
 * The attributes that differ. A resource that is made shows what is set and known; one that is destroyed shows none.
 * Pure.
 */
export function differencesOf(change: Change): readonly AttributeDifference[] {
  if (!["create", "update", "replace"].includes(change.kind)) return [];
  const { beforeSensitive, afterSensitive } = change;
  const shown = (side: Json): Json => withoutSecrets(withoutSecrets(side, beforeSensitive), afterSensitive);
  const [shownBefore, shownAfter] = [shown(change.before), shown(change.after)];
  const found = stepsIn(change.before, change.after, change.afterUnknown).flatMap((name) =>
    differencesIn(change, {
      path: [name],
      before: child(change.before, name),
      after: child(change.after, name),
      shownBefore: child(shownBefore, name),
      shownAfter: child(shownAfter, name),
      unknown: partOf(change.afterUnknown, name),
    }),
  );
  // Every tag is also among tags_all.
  return found.filter(
    ({ name }) => !found.some((other) => name === other.name.replace(/^tags\./, "tags_all.") && other.name !== name),
  );
}

function differencesIn(change: Change, part: Part): readonly AttributeDifference[] {
  const { path, before, after, shownBefore, shownAfter, unknown } = part;
  if (same(before, after) && !hasTrue(unknown)) return [];
  if (isEmpty(before) && isEmpty(after) && !hasTrue(unknown)) return [];
  if (change.kind === "create" && (unknown === true || (path.length === 1 && HIDDEN_ON_CREATE.includes(nameOf(path)))))
    return [];
  if (unknown !== true && (isNested(shownBefore) || isNested(shownAfter) || isNested(unknown))) {
    return stepsIn(shownBefore, shownAfter, unknown).flatMap((step) =>
      differencesIn(change, {
        path: [...path, step],
        before: child(before, step),
        after: child(after, step),
        shownBefore: child(shownBefore, step),
        shownAfter: child(shownAfter, step),
        unknown: partOf(unknown, step),
      }),
    );
  }
  const forcesReplacement = change.replacePaths.some((forced) => begins(path, forced) || begins(forced, path));
  // Whatever is replaced has another id, and all that AWS computes anew.
  if (change.kind === "replace" && unknown === true && !forcesReplacement) return [];
  const from = textOf(shownBefore);
  const to = unknown === true ? AFTER_APPLY : textOf(withUnknown(shownAfter, unknown));
  return [
    {
      name: nameIn(change, path),
      ...(from !== undefined && { before: from }),
      ...(to !== undefined && { after: to }),
      forcesReplacement,
    },
  ];
}

function begins(path: Path, start: Path): boolean {
  return start.every((step, index) => path[index] === step);
}

/** A list of plain values, with the words for what is not known yet in its place. */
function withUnknown(value: Json, unknown: Json): Json {
  if (!Array.isArray(unknown)) return value;
  const list: readonly Json[] = Array.isArray(value) ? value : [];
  return Array.from({ length: Math.max(list.length, unknown.length) }, (_, index) =>
    unknown[index] === true ? AFTER_APPLY : (list[index] ?? null),
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

/** The steps into any of these; what is not known yet is only in the mask. */
function stepsIn(...values: readonly Json[]): readonly (string | number)[] {
  const keys = values.flatMap((value) => (value !== null && typeof value === "object" ? Object.keys(value) : []));
  const numeric = values.some((value) => Array.isArray(value));
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

/** A value as it is shown; undefined for none. A document in a string is spread over several lines. */
function textOf(value: Json): string | undefined {
  if (isEmpty(value)) return undefined;
  if (value === SENSITIVE || typeof value !== "string")
    return typeof value === "string" ? value : JSON.stringify(value);
  const document = documentIn(value);
  if (document !== undefined) return JSON.stringify(document, null, 2);
  return /\n|^\s*[[{]/.test(value) ? value : JSON.stringify(value);
}
