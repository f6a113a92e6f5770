import { childPath, isAbsent, isSame, membersOf } from "./differences";

/** A field that both sides changed differently. */
interface Conflict {
  /** e.g. `containerDefinitions[api].environment[LOG_LEVEL].value`. */
  readonly path: string;
  readonly base: unknown;
  readonly live: unknown;
  readonly stacks: unknown;
}

/** The merged value and the conflicts. A field with a conflict has the live value. */
export interface Merge<T> {
  readonly merged: T;
  readonly conflicts: readonly Conflict[];
}

/**
 * A three-way merge: applies the changes of the stacks to the live value. Equal changes of both sides are no conflict.
 * Lists whose members have names are merged member by member, other lists as a whole. Pure.
 *
 * @param base common ancestor of both sides
 */
export function mergeChanges<T>(base: T, live: T, stacks: T): Merge<T> {
  const conflicts: Conflict[] = [];
  const merge = (from: unknown, ours: unknown, theirs: unknown, path: string): unknown => {
    if (isSame(from, theirs)) return ours;
    if (isSame(from, ours) || isSame(ours, theirs)) return theirs;
    const members = isAbsent(ours) || isAbsent(theirs) ? undefined : membersOf(ours, theirs, from);
    if (!members || members.kind === "row") {
      conflicts.push({ path, base: from, live: ours, stacks: theirs });
      return ours;
    }
    const merged = members.entries.flatMap(({ label, values: [mine, other, before] }) => {
      const value = merge(before, mine, other, childPath(path, label));
      return isAbsent(value) ? [] : [{ label, value }];
    });
    return members.kind === "list"
      ? merged.map(({ value }) => value)
      : Object.fromEntries(merged.map(({ label, value }) => [label, value]));
  };
  // Every part comes from one of three values of type T, so the merged value is a T.
  const merged = merge(base, live, stacks, "") as T;
  return { merged, conflicts };
}
