import { hasTrue, isMasked, valueAt, type Json, type Path } from "./json-values";

/**
 * What Terraform does with a resource when the plan is applied. `none`: nothing. `forget`: it removes the resource from the
 * state without destroying it. `import` and `move`: only the state changes.
 */
export type ChangeKind = "create" | "update" | "replace" | "delete" | "forget" | "import" | "move" | "none";

/** One resource of a plan, before and after. */
export interface Change {
  readonly address: string;
  /** e.g. aws_lb_listener */
  readonly type: string;
  readonly kind: ChangeKind;
  /** For `replace`: Terraform creates the new resource before it destroys the old one. */
  readonly createsFirst: boolean;
  /** null for a resource that is created. */
  readonly before: Json;
  /** null for a resource that is destroyed. Values that are not known yet are missing or null. */
  readonly after: Json;
  /** true wherever the value is only known after apply. */
  readonly afterUnknown: Json;
  /** true wherever the value must not be shown. */
  readonly beforeSensitive: Json;
  readonly afterSensitive: Json;
  /** Attributes that can't be changed in place. */
  readonly replacePaths: readonly Path[];
  /** Its former address in the state, for a resource that has moved. */
  readonly previousAddress?: string;
  /** The plan imports an existing resource into the state, with or without changing it. */
  readonly imported: boolean;
  /**
   * Key of a deposed object: a former object at this address that a replacement could not destroy. The object in use has a
   * change of its own, without a key.
   */
  readonly deposed?: string;
  /** Terraform's `action_reason` of a replacement, e.g. `replace_because_tainted`. */
  readonly reason?: string;
}

/** Address of the changed resource; for a deposed object, with its key. */
export function labelOf({ address, deposed }: Pick<Change, "address" | "deposed">): string {
  return deposed === undefined ? address : `${address} (deposed object ${deposed})`;
}

/** A value that Terraform knows only after it has applied the plan. */
export const UNKNOWN = Symbol("known after apply");
/** Type of `UNKNOWN`. */
export type Unknown = typeof UNKNOWN;

/** The value before, at a path; undefined where there is none, or null. */
export function valueBefore(change: Change, path: Path): Json | undefined {
  return valueAt(change.before, path);
}

/** The value after, at a path; UNKNOWN when any part of it is only known after apply. */
export function valueAfter(change: Change, path: Path): Json | undefined | Unknown {
  return isMasked(change.afterUnknown, path) || hasTrue(valueAt(change.afterUnknown, path) ?? false)
    ? UNKNOWN
    : valueAt(change.after, path);
}
