import { UNKNOWN, valueAfter, valueBefore, type Change, type Json, type Path, type Unknown } from "../change";

/** How bad a change is. `caution`: worth a look, or not decidable before apply. */
export type Level = "fine" | "caution" | "danger";

/** What a rule says of one change. */
export interface Opinion {
  readonly level: "danger" | "caution";
  /** A sentence: what happens, and why it matters. Holds no sensitive value. */
  readonly says: string;
}

/** What a rule may know beyond the change it looks at. */
export interface Surroundings {
  /** Every managed resource of the stack, those that stay as they are included. */
  readonly changes: readonly Change[];
  /** Port of the test listener, when known. */
  readonly testPort?: number;
}

/** One rule. Pure: a change and its surroundings in, opinions out; none when there is nothing to say. */
export interface Rule {
  readonly id: string;
  /** Resource types it looks at; undefined: all. */
  readonly types?: readonly string[];
  readonly check: (change: Change, surroundings: Surroundings) => readonly Opinion[];
}

/** Traffic, data, a gate or a door is at stake. */
export function danger(says: string): readonly Opinion[] {
  return [{ level: "danger", says }];
}

/** Worth a look. */
export function caution(says: string): readonly Opinion[] {
  return [{ level: "caution", says }];
}

/** The rule can't decide: the value is only known after apply. */
export function cannotTell(what: string): readonly Opinion[] {
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

/**
 * Compares one attribute before and after. Says nothing of a resource that is only there on one side or when the value
 * stays; that it can't tell when the value is unknown.
 */
export function compare(
  change: Change,
  path: Path,
  judge: (before: Json | undefined, after: Json | undefined) => readonly Opinion[],
): readonly Opinion[] {
  if (!isComparable(change)) return [];
  const before = valueBefore(change, path);
  const after = valueAfter(change, path);
  if (after === UNKNOWN) return cannotTell(nameOf(path));
  return same(before, after) ? [] : judge(before, after);
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
