/** A synthesized stack, as far as its addresses go. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What CDKTF writes for a resource that was moved: `resource.moveFromId(…)`. */
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
}

/** The addresses of a stack's resources, sorted. */
export function addressesOf({ resource = {} }: StackJson): string[] {
  return Object.entries(resource)
    .flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`))
    .sort();
}

/**
 * What keeps a stack from being applied over one with the pinned addresses, one sentence each. An address that is gone
 * is a resource that Terraform destroys, and one that is new is one that it makes: unless the move is recorded.
 */
export function addressProblems(pinned: readonly string[], stack: StackJson): string[] {
  const there = addressesOf(stack);
  const moves = new Map((stack.moved ?? []).map(({ from, to }) => [from, to]));
  const moved = new Set(pinned.flatMap((address) => moves.get(address) ?? []));
  return [
    ...pinned
      .filter((address) => !there.includes(address) && !there.includes(moves.get(address) ?? ""))
      .map(
        (address) =>
          `${address} is gone: Terraform destroys it. If it was renamed, record the move (moveFromId) and pin the new ` +
          `address; if it is no longer wanted, take it off the list`,
      ),
    ...there
      .filter((address) => !pinned.includes(address) && !moved.has(address))
      .map((address) => `${address} is new: pin it, so that nobody renames it by accident`),
  ];
}
