import { UNKNOWN, valueAfter, valueBefore, type Change, type Unknown } from "../change";
import { isMasked, stringsOf, textOf, valueAt, type Json, type Path } from "../json-values";

/** How risky a change is. `caution`: a person should check it, or it can't be assessed before apply. */
export type Level = "fine" | "caution" | "danger";

/** What a rule reports of one change. */
export interface Assessment {
  readonly level: Exclude<Level, "fine">;
  /** What happens, and why it matters. Holds no sensitive value. */
  readonly says: string;
}

/** What a rule may know beside the change that it checks. */
export interface RuleContext {
  /** Every managed resource of the stack, also those that stay as they are. */
  readonly changes: readonly Change[];
  /** Port of the test listener, when known. */
  readonly testPort?: number;
}

/** One rule of the review. */
export interface Rule {
  readonly id: string;
  /** Resource types that it checks; undefined: all. */
  readonly types?: readonly string[];
  /** Assesses one change; gives nothing when there is nothing to report. Pure. */
  readonly check: (change: Change, context: RuleContext) => readonly Assessment[];
}

/** Reports that traffic, data, the deployment gate or security is at risk. */
export function danger(says: string): readonly Assessment[] {
  return [{ level: "danger", says }];
}

/** Reports something that a person should check. */
export function caution(says: string): readonly Assessment[] {
  return [{ level: "caution", says }];
}

/** Reports that the rule can't assess a value, because it is only known after apply. */
export function unknownUntilApply(what: string): readonly Assessment[] {
  return caution(`can't be assessed before apply: ${what} is not known yet`);
}

/** Whether the resource exists before and after, so that the two sides can be compared. */
export function isComparable({ kind }: Change): boolean {
  return kind === "update" || kind === "replace";
}

/** Whether the existing resource is destroyed, or is no longer managed by Terraform. */
export function isLost({ kind }: Change): boolean {
  return kind === "replace" || kind === "delete" || kind === "forget";
}

/**
 * Whether a new resource is added to an existing one: the id in the attribute is known. A resource that the same plan creates
 * has no id before apply.
 * @param attribute that refers to the other resource, e.g. `vpc_id`
 */
export function isAddedToExisting(change: Change, attribute: string): boolean {
  return change.kind === "create" && textOf(valueAt(change.after, [attribute])) !== "";
}

/**
 * Resources that settings, protections and policies belong to, by the attribute that refers to them. They are referred to by
 * name, which is known before apply.
 */
const SUBJECTS: Readonly<Record<string, readonly [type: string, nameAttribute: string]>> = {
  bucket: ["aws_s3_bucket", "bucket"],
  repository: ["aws_ecr_repository", "name"],
  role: ["aws_iam_role", "name"],
  role_name: ["aws_iam_role", "name"],
};

/** Whether the same plan destroys the bucket or role that a setting or policy belongs to. */
export function isSubjectDestroyed(change: Change, { changes }: RuleContext): boolean {
  return ["bucket", "role"].some((attribute) => {
    const subject = valueBefore(change, [attribute]);
    return changes.some((other) => other.kind === "delete" && isNamed(other, "before", attribute, subject));
  });
}

/**
 * Whether the same plan creates the resource that a setting or policy belongs to.
 * @param attribute that refers to the resource, e.g. `bucket`
 */
export function isSubjectCreated(change: Change, attribute: string, { changes }: RuleContext): boolean {
  const subject = valueAt(change.after, [attribute]);
  return changes.some((other) => other.kind === "create" && isNamed(other, "after", attribute, subject));
}

function isNamed(change: Change, side: "before" | "after", reference: string, name: Json | undefined): boolean {
  const subject = SUBJECTS[reference];
  return subject !== undefined && change.type === subject[0] && valueAt(change[side], [subject[1]]) === name;
}

/**
 * Compares one attribute before and after. Gives nothing for a resource that exists on one side only, or when the value
 * stays the same.
 */
export function compare(
  change: Change,
  path: Path,
  assess: (before: Json | undefined, after: Json | undefined) => readonly Assessment[],
): readonly Assessment[] {
  if (!isComparable(change)) return [];
  const before = valueBefore(change, path);
  const after = valueAfter(change, path);
  if (after === UNKNOWN) return unknownUntilApply(nameOf(path));
  return same(before, after) ? [] : assess(before, after);
}

/**
 * Compares a block of which a part may not be known yet. Reports the dangers that are certain without that part; when there
 * are none, that the block can't be assessed.
 */
export function compareKnown(
  change: Change,
  path: Path,
  assess: (before: Json | undefined, after: Json | undefined) => readonly Assessment[],
): readonly Assessment[] {
  if (!isComparable(change) || same(valueBefore(change, path), valueAfter(change, path))) return [];
  if (isMasked(change.afterUnknown, path)) return unknownUntilApply(nameOf(path));
  const assessments = assess(valueBefore(change, path), valueAt(change.after, path));
  if (valueAfter(change, path) !== UNKNOWN || assessments.some(({ level }) => level === "danger")) return assessments;
  return unknownUntilApply(nameOf(path));
}

/**
 * Compares a list of names, and assesses those that are removed. An element that is not known yet may be any of the missing
 * names, so only names beyond the number of unknown elements are certainly removed.
 * @param assess is given the removed names in words
 */
export function compareRemoved(
  change: Change,
  path: Path,
  assess: (removed: string) => readonly Assessment[],
): readonly Assessment[] {
  if (!isComparable(change)) return [];
  const after = stringsOf(valueAt(change.after, path));
  const removed = stringsOf(valueBefore(change, path)).filter((name) => !after.includes(name));
  if (removed.length === 0) return [];
  const mask = valueAt(change.afterUnknown, path);
  const unknown = Array.isArray(mask) ? mask.filter((part) => part === true).length : 0;
  if (isMasked(change.afterUnknown, path) || unknown >= removed.length) return unknownUntilApply(nameOf(path));
  return assess(unknown === 0 ? removed.join(", ") : `${removed.length - unknown} of ${removed.join(", ")}`);
}

/** An attribute's name as users of Terraform write it, e.g. `health_check.interval`; first positions in lists are left out. */
export function nameOf(path: Path): string {
  return path.filter((step) => step !== 0).join(".");
}

/** A single value in words; a list or object is only `another value`. */
export function inWords(value: Json | undefined): string {
  const set = value ?? "";
  if (typeof set === "object") return "another value";
  return set === "" ? "nothing" : String(set);
}

/** Whether a number is less than another one; false when one of them is no number. */
export function isLess(value: Json | undefined, than: Json | undefined): boolean {
  return typeof value === "number" && typeof than === "number" && value < than;
}

/** Whether two JSON values are equal. A value that is not known yet equals no other. */
export function same(one: Json | undefined | Unknown, other: Json | undefined | Unknown): boolean {
  return one !== UNKNOWN && other !== UNKNOWN && JSON.stringify(one) === JSON.stringify(other);
}
