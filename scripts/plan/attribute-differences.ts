import type { Change } from "./change";
import {
  documentIn,
  hasTrue,
  isNothing,
  isRecord,
  maskAt,
  stepsIn,
  valueAt,
  type Json,
  type Path,
} from "./json-values";
import { nameOf, same } from "./rules/rule";
import { SENSITIVE, withoutSecrets } from "./secrets";

/** One attribute that differs between the two sides of a change. */
export interface AttributeDifference {
  /** e.g. health_check.interval */
  readonly name: string;
  /** Text of each side, without sensitive values; undefined where there is none. A JSON document has several lines. */
  readonly before?: string;
  readonly after?: string;
  /** The attribute can't be changed in place, so the resource is replaced. */
  readonly forcesReplacement: boolean;
}

const AFTER_APPLY = "(known after apply)";

/** Attributes of a new resource that are not shown: they are computed, or repeat other attributes. */
const HIDDEN_ON_CREATE = ["id", "arn", "tags_all", "tags"];

/** A part of a change: its values, the values that may be shown, and the mask of what is only known after apply. */
interface Part {
  readonly path: Path;
  readonly before: Json;
  readonly after: Json;
  readonly shownBefore: Json;
  readonly shownAfter: Json;
  readonly unknown: Json;
}

/**
 * The attributes that differ. For a new resource, those that are set and known; for a destroyed one, none.
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
      unknown: maskAt(change.afterUnknown, name),
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
  if (isNothing(before) && isNothing(after) && !hasTrue(unknown)) return [];
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
        unknown: maskAt(unknown, step),
      }),
    );
  }
  const forcesReplacement = change.replacePaths.some((forced) => startsWith(path, forced) || startsWith(forced, path));
  // A replaced resource gets a new id and new values of everything that AWS computes: these are not shown.
  if (change.kind === "replace" && unknown === true && !forcesReplacement) return [];
  const from = displayText(shownBefore);
  const to = unknown === true ? AFTER_APPLY : displayText(withUnknown(shownAfter, unknown));
  return [
    {
      name: nameIn(change, path),
      ...(from !== undefined && { before: from }),
      ...(to !== undefined && { after: to }),
      forcesReplacement,
    },
  ];
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((step, index) => path[index] === step);
}

/** A list of plain values, in which elements that are not known yet are replaced by a text. */
function withUnknown(value: Json, unknown: Json): Json {
  if (!Array.isArray(unknown)) return value;
  const list: readonly Json[] = Array.isArray(value) ? value : [];
  return Array.from({ length: Math.max(list.length, unknown.length) }, (_, index) =>
    unknown[index] === true ? AFTER_APPLY : (list[index] ?? null),
  );
}

/** An attribute's name as users of Terraform write it; with the position in a list only when the list has several elements. */
function nameIn(change: Change, path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "string") return index === 0 ? step : `.${step}`;
      const lists = [change.before, change.after].map((side) => valueAt(side, path.slice(0, index)));
      return lists.some((list) => Array.isArray(list) && list.length > 1) ? `[${step}]` : "";
    })
    .join("");
}

/** Whether a value is an object or a list of objects, which is shown part by part. A list of plain values is one part. */
function isNested(value: Json): boolean {
  return isRecord(value) || (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null));
}

function child(value: Json, step: string | number): Json {
  if (value === null || typeof value !== "object") return null;
  return (value as Readonly<Record<string | number, Json>>)[step] ?? null;
}

/** A value as text; undefined for none. A JSON document in a string gets several lines. */
function displayText(value: Json): string | undefined {
  if (isNothing(value)) return undefined;
  if (value === SENSITIVE || typeof value !== "string")
    return typeof value === "string" ? value : JSON.stringify(value);
  const document = documentIn(value);
  if (document !== undefined) return JSON.stringify(document, null, 2);
  return /\n|^\s*[[{]/.test(value) ? value : JSON.stringify(value);
}
