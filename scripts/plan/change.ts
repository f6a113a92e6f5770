/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** Steps into a JSON value: names of members and positions in lists. */
export type Path = readonly (string | number)[];

/**
 * What Terraform means to do with a resource. `none`: nothing; `forget`: leave it alone and out of the state; `import` and
 * `move`: only its place in the state is new.
 */
export type ChangeKind = "create" | "update" | "replace" | "delete" | "forget" | "import" | "move" | "none";

/** One resource of a plan, with both its sides. */
export interface Change {
  readonly address: string;
  /** e.g. aws_lb_listener */
  readonly type: string;
  readonly kind: ChangeKind;
  /** For `replace`: the new one is made before the old one is destroyed. */
  readonly createsFirst: boolean;
  /** null when it is created. */
  readonly before: Json;
  /** null when it is destroyed; what is unknown is missing or null in it. */
  readonly after: Json;
  /** true wherever the value is only known after apply. */
  readonly afterUnknown: Json;
  /** true wherever the value must not be shown. */
  readonly beforeSensitive: Json;
  readonly afterSensitive: Json;
  /** Attributes that can't be changed in place. */
  readonly replacePaths: readonly Path[];
  /** Where it was in the state, when it has moved. */
  readonly previousAddress?: string;
  /** It was there before Terraform knew it, and comes into the state with this plan, changed or not. */
  readonly imported: boolean;
  /**
   * Key of a deposed object: a former object at this address that a replacement has left behind. The object in use has an
   * entry of its own, without a key.
   */
  readonly deposed?: string;
  /** Terraform's word for why it is replaced, e.g. `replace_because_tainted`. */
  readonly reason?: string;
}

/** How a change is called: its address, and for a deposed object that it isn't the one in use. */
export function labelOf({ address, deposed }: Pick<Change, "address" | "deposed">): string {
  return deposed === undefined ? address : `${address} (deposed object ${deposed})`;
}

/** A value that Terraform knows only after it has applied the plan. */
export const UNKNOWN = Symbol("known after apply");
export type Unknown = typeof UNKNOWN;

/** The value before, at a path; undefined when there is none (null counts as none). */
export function valueBefore(change: Change, path: Path): Json | undefined {
  return valueAt(change.before, path);
}

/** The value after, at a path; UNKNOWN when any part of it is only known after apply. */
export function valueAfter(change: Change, path: Path): Json | undefined | Unknown {
  return isMasked(change.afterUnknown, path) || hasTrue(valueAt(change.afterUnknown, path) ?? false)
    ? UNKNOWN
    : valueAt(change.after, path);
}

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

/** Whether a mask of `true`s covers the path or something above it. */
export function isMasked(mask: Json, path: Path): boolean {
  return path.some((_, length) => valueAt(mask, path.slice(0, length)) === true) || valueAt(mask, path) === true;
}

/** Whether a mask marks anything at all. */
export function hasTrue(mask: Json): boolean {
  if (mask === null || typeof mask !== "object") return mask === true;
  return Object.values(mask).some(hasTrue);
}

/** Whether it is an object, not a list and not null. */
export function isRecord(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
