/** One difference between two revisions; `from` is absent for an added value, `to` for a removed one. */
export interface Difference {
  /** e.g. `containerDefinitions[api].image`. */
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * Every difference between two revisions, in the order of the fields. Members of a list are matched by their names, not by
 * their order: ECS doesn't keep the order of containers or variables
 * (https://github.com/hashicorp/terraform-provider-aws/issues/3035). Missing, null and an empty list are equal. Pure.
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

/** Whether `differences` finds none between two values. Pure. */
export function isSame(a: unknown, b: unknown): boolean {
  return differences(a, b).length === 0;
}

/** Whether a value is missing or null; both mean the same in ECS's JSON. Pure. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Whether a value is missing, null, an empty list or an empty object: ECS returns these for a field that was not set. Pure. */
export function isNothing(value: unknown): boolean {
  return isAbsent(value) || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Members of several values, matched with each other. */
export interface Members {
  /** `list`: a list whose members are matched by name; `row`: a list whose members are matched by index. */
  readonly kind: "object" | "list" | "row";
  /** In the order of the first value, then members that only later values have. A missing member is undefined. */
  readonly entries: readonly { readonly label: string; readonly values: readonly unknown[] }[];
}

/**
 * Matches the members of objects, or of lists. Absent values have no members. Undefined when the values can't be matched:
 * one is neither an object nor a list, or they are of different kinds. Pure.
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
    return { kind: key === undefined ? "row" : "list", entries: matchLabels(maps) };
  }
  if (!given.every(isPlainObject)) return undefined;
  const maps = values.map((value) => new Map<string, unknown>(isPlainObject(value) ? Object.entries(value) : []));
  return { kind: "object", entries: matchLabels(maps) };
}

/** The path of a member. Pure. */
export function childPath(path: string, label: string): string {
  return label.startsWith("[") || path === "" ? path + label : `${path}.${label}`;
}

function matchLabels(maps: readonly ReadonlyMap<string, unknown>[]): Members["entries"] {
  const labels = [...new Set(maps.flatMap((map) => [...map.keys()]))];
  return labels.map((label) => ({ label, values: maps.map((map) => map.get(label)) }));
}

/** Fields that can identify the members of a list in a task definition; the first that fits is used. */
const IDENTITY_FIELDS = ["name", "key", "containerName", "containerPath", "sourceContainer", "containerPort"];

/** The field that identifies the members of all these lists. */
function identityOf(lists: readonly (readonly unknown[])[]): string | undefined {
  return IDENTITY_FIELDS.find((key) =>
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
