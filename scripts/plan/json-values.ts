/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonRecord;
/** A JSON object. */
export type JsonRecord = { readonly [key: string]: Json };
/** Steps into a JSON value: names of members and positions in lists. */
export type Path = readonly (string | number)[];

/** The value at a path; undefined where there is none, or null. */
export function valueAt(value: Json, path: Path): Json | undefined {
  let here: Json | undefined = value;
  for (const step of path) {
    if (here === null || typeof here !== "object") return undefined;
    here = (here as Readonly<Record<string | number, Json>>)[step];
    if (here === undefined) return undefined;
  }
  return here ?? undefined;
}

/** Whether it is an object, not a list and not null. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects in a list; none when the value is no list. Terraform writes every block as a list of objects. */
export function recordsIn(value: Json | undefined): readonly JsonRecord[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isRecord) : [];
}

/** The strings in a value that may be a list of them, a single one, or nothing. */
export function stringsOf(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** A value that is a text; anything else counts as an empty one. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Every string, number and boolean at any depth of a value, as text; empty texts are left out. */
export function leavesOf(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  return typeof value === "object" ? Object.values(value).flatMap(leavesOf) : [String(value)];
}

/** Whether a value sets nothing: null, false, an empty text, or an object or list of nothing else. */
export function isNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.values(value).every(isNothing);
}

/** The steps into any of the values: positions when one of them is a list, otherwise names of members. */
export function stepsIn(...values: readonly Json[]): readonly (string | number)[] {
  const keys = values.flatMap((value) => (value !== null && typeof value === "object" ? Object.keys(value) : []));
  const numeric = values.some((value) => Array.isArray(value));
  return [...new Set(keys)].map((key) => (numeric ? Number(key) : key));
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

/** Whether a mask, as Terraform writes it for unknown and sensitive values, marks the path or something above it. */
export function isMasked(mask: Json, path: Path): boolean {
  return path.some((_, length) => valueAt(mask, path.slice(0, length)) === true) || valueAt(mask, path) === true;
}

/** The part of a mask for one member or element; a mask that marks the whole marks each part. */
export function maskAt(mask: Json, step: string | number): Json {
  if (mask === null || typeof mask !== "object") return mask === true;
  return (mask as Readonly<Record<string | number, Json>>)[step] ?? false;
}

/** Whether a mask marks anything at all. */
export function hasTrue(mask: Json): boolean {
  if (mask === null || typeof mask !== "object") return mask === true;
  return Object.values(mask).some(hasTrue);
}
