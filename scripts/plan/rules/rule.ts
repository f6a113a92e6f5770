import {
  isMasked,
  stringsOf,
  UNKNOWN,
  valueAfter,
  valueAt,
  valueBefore,
  type Change,
  type Json,
  type Path,
  type Unknown,
} from "../change";

/** How bad a change is. `caution`: worth a look, or not decidable before apply. */
export type Level = "fine" | "caution" | "danger";

/** What a rule says of one change. */
export interface Assessment {
  readonly level: "danger" | "caution";
  /** A sentence: what happens, and why it matters. Holds no sensitive value. */
  readonly says: string;
}

/** What a rule may know beyond the change it looks at. */
export interface RuleContext {
  /** Every managed resource of the stack, those that stay as they are included. */
  readonly changes: readonly Change[];
  /** Port of the test listener, when known. */
  readonly testPort?: number;
}

/** One rule. Pure: a change and its context in, assessments out; none when there is nothing to say. */
export interface Rule {
  readonly id: string;
  /** Resource types it looks at; undefined: all. */
  readonly types?: readonly string[];
  readonly check: (change: Change, context: RuleContext) => readonly Assessment[];
}

/** Traffic, data, a gate or a door is at stake. */
export function danger(says: string): readonly Assessment[] {
  return [{ level: "danger", says }];
}

/** Worth a look. */
export function caution(says: string): readonly Assessment[] {
  return [{ level: "caution", says }];
}

/** The rule can't decide: the value is only known after apply. */
export function unknownUntilApply(what: string): readonly Assessment[] {
  return caution(`cannot tell until apply: ${what} is not known yet`);
}

/** Whether the resource is there before and after, so that the two can be compared. */
export function isComparable({ kind }: Change): boolean {
  return kind === "update" || kind === "replace";
}

/** Whether the resource, as it is, will be no more (or no more Terraform's). */
export function isLost({ kind }: Change): boolean {
  return kind === "replace" || kind === "delete" || kind === "forget";
}

/** What a protection or a policy is about, by the attribute that names it: once that is gone, it guards nothing. */
const SUBJECTS: Readonly<Record<string, readonly [type: string, attribute: string]>> = {
  bucket: ["aws_s3_bucket", "bucket"],
  role: ["aws_iam_role", "name"],
};

/** Whether what the change is about is destroyed by the same plan. */
export function isSubjectDestroyed(change: Change, { changes }: RuleContext): boolean {
  return Object.entries(SUBJECTS).some(([name, [type, attribute]]) => {
    const subject = valueBefore(change, [name]);
    return (
      subject !== undefined &&
      changes.some(
        (other) => other.type === type && other.kind === "delete" && valueBefore(other, [attribute]) === subject,
      )
    );
  });
}

/**
 * Compares one attribute before and after. Says nothing of a resource that is only there on one side or when the value
 * stays; that it can't tell when the value is unknown.
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
 * Compares a block of which a part may not be known yet: a danger that is certain without that part is told, otherwise
 * that it can't tell.
 */
export function compareKnown(
  change: Change,
  path: Path,
  assess: (before: Json | undefined, after: Json | undefined) => readonly Assessment[],
): readonly Assessment[] {
  if (!isComparable(change) || same(valueBefore(change, path), valueAfter(change, path))) return [];
  const whole = isMasked(change.afterUnknown, path);
  const assessments = whole ? [] : assess(valueBefore(change, path), valueAt(change.after, path));
  if (valueAfter(change, path) !== UNKNOWN || assessments.some(({ level }) => level === "danger")) return assessments;
  return unknownUntilApply(nameOf(path));
}

/**
 * Judges what a list of names has lost. Elements that are not known yet may be any of those that are missing: what is lost
 * for certain goes first.
 * @param assess is given the missing names in words
 */
export function compareRemoved(
  change: Change,
  path: Path,
  assess: (gone: string) => readonly Assessment[],
): readonly Assessment[] {
  if (!isComparable(change)) return [];
  const after = stringsOf(valueAt(change.after, path));
  const gone = stringsOf(valueBefore(change, path)).filter((name) => !after.includes(name));
  if (gone.length === 0) return [];
  const mask = valueAt(change.afterUnknown, path);
  const unknown = Array.isArray(mask) ? mask.filter((part) => part === true).length : 0;
  if (isMasked(change.afterUnknown, path) || unknown >= gone.length) return unknownUntilApply(nameOf(path));
  return assess(unknown === 0 ? gone.join(", ") : `${gone.length - unknown} of ${gone.join(", ")}`);
}

/** Attributes as Terraform's users know them: without the positions in blocks that are there once. */
export function nameOf(path: Path): string {
  return path.filter((step) => step !== 0).join(".");
}

/** A single value in words; lists and objects have too many of their own. */
export function inWords(value: Json | undefined): string {
  if (value === undefined || value === null || value === "") return "nothing";
  return typeof value === "object" ? "another value" : String(value);
}

/** Whether two JSON values are the same. */
export function same(one: Json | undefined | Unknown, other: Json | undefined | Unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
