/** One difference between two revisions; `from` is absent for something new, `to` for something gone. */
export interface Difference {
  /** e.g. `containerDefinitions[api].image`. */
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * Every difference between two revisions, in the order of the fields. Members of a list are told apart by what names
 * them, whatever their order: ECS doesn't keep the order of containers or variables
 * (https://github.com/hashicorp/terraform-provider-aws/issues/3035). Nothing, null and an empty list are the same. Pure.
 */
export function differences(from: unknown, to: unknown, path = ""): readonly Difference[] {
  if (isNothing(from) && isNothing(to)) return [];
  const members = isAbsent(from) || isAbsent(to) ? undefined : membersOf(from, to);
  if (members) {
    return members.entries.flatMap(({ label, values: [before, after] }) =>
      differences(before, after, childPath(path, label)),
    );
  }
  const [a, b] = [asText(from), asText(to)];
  if (a === b) return [];
  return [{ path, ...(a !== undefined && { from: a }), ...(b !== undefined && { to: b }) }];
}

/** Whether two values are the same but for what `differences` takes for no difference. Pure. */
export function isSame(a: unknown, b: unknown): boolean {
  return differences(a, b).length === 0;
}

/** Not there: JSON's null says no more than a field that is missing. Pure. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Absent, null, or a list or an object with nothing in it: what ECS writes for a field that was not given. Pure. */
export function isNothing(value: unknown): boolean {
  return isAbsent(value) || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Values taken apart side by side. */
export interface Members {
  /** `list`: by what names its members; `row`: a list whose members only their place tells apart. */
  readonly kind: "object" | "list" | "row";
  /** In the order of the first value, then what only the next ones have; a value that lacks the member has undefined. */
  readonly entries: readonly { readonly label: string; readonly values: readonly unknown[] }[];
}

/**
 * Takes objects, or lists, apart into members that belong together; what is absent has none. Undefined when they can't be
 * set side by side: one is neither, or they are not of one kind. Pure.
 */
export function membersOf(...values: readonly unknown[]): Members | undefined {
  const given = values.filter((value) => !isAbsent(value));
  if (given.length === 0) return undefined;
  if (given.every((value) => Array.isArray(value))) {
    const key = identityOf(given);
    const name = (item: unknown, index: number) =>
      key === undefined || !isPlainObject(item) ? index : String(item[key]);
    const maps = values.map(
      (value) =>
        new Map(
          (Array.isArray(value) ? (value as unknown[]) : []).map((item, index) => [`[${name(item, index)}]`, item]),
        ),
    );
    return { kind: key === undefined ? "row" : "list", entries: sideBySide(maps) };
  }
  if (!given.every(isPlainObject)) return undefined;
  const maps = values.map((value) => new Map<string, unknown>(isPlainObject(value) ? Object.entries(value) : []));
  return { kind: "object", entries: sideBySide(maps) };
}

/** The path of a member. Pure. */
export function childPath(path: string, label: string): string {
  return label.startsWith("[") || path === "" ? path + label : `${path}.${label}`;
}

function sideBySide(maps: readonly ReadonlyMap<string, unknown>[]): Members["entries"] {
  const labels = [...new Set(maps.flatMap((map) => [...map.keys()]))];
  return labels.map((label) => ({ label, values: maps.map((map) => map.get(label)) }));
}

/** What names the members of the lists of a task definition, the first that fits. */
const IDENTITIES = ["name", "key", "containerName", "containerPath", "sourceContainer", "containerPort"];

/** The field by which the members of all these lists can be told apart. */
function identityOf(lists: readonly (readonly unknown[])[]): string | undefined {
  return IDENTITIES.find((key) =>
    lists.every((list) => {
      const names = list.map((item) => (isPlainObject(item) ? item[key] : undefined));
      const isNamed = names.every((name) => typeof name === "string" || typeof name === "number");
      return isNamed && new Set(names).size === names.length;
    }),
  );
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asText(value: unknown): string | undefined {
  if (isNothing(value)) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
