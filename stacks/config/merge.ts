/** Objects that are one choice. A mix of two of them would be no valid choice, so they are replaced as a whole. */
const REPLACED_AS_A_WHOLE = new Set(["state", "network.vpc", "loadBalancer.https", "delivery.strategy", "existing"]);
/** Keys of which an object has one. A layer that sets one takes the place of the others of the layers below. */
const ALTERNATIVES: Readonly<Record<string, readonly string[]>> = { rehearsal: ["requests", "module"] };

/** Objects that are merged only with one of the same kind, by the key that names it. The keys of another kind mean something else. */
const MERGED_WITHIN_A_KIND: Readonly<Record<string, string>> = { ci: "provider" };

/** Whether the value is an object with keys: not an array, and not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Overrides `base` with `over`: objects key by key; arrays, choices and all other values as a whole. */
export function merge(base: unknown, over: unknown, path = ""): unknown {
  if (over === undefined) return base;
  if (!isObject(base) || !isObject(over) || REPLACED_AS_A_WHOLE.has(path)) return over;
  const kind = MERGED_WITHIN_A_KIND[path];
  if (kind !== undefined && over[kind] !== undefined && over[kind] !== base[kind]) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  const alternatives = ALTERNATIVES[path] ?? [];
  const isReplaced = alternatives.some((key) => Object.hasOwn(over, key));
  const childPath = (key: string) => (path === "" ? key : `${path}.${key}`);
  return Object.fromEntries(
    [...keys]
      .filter((key) => !isReplaced || !alternatives.includes(key) || Object.hasOwn(over, key))
      .map((key) => [key, merge(ownValue(base, key), ownValue(over, key), childPath(key))]),
  );
}

/** The value at a path of own keys; undefined when there is none. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (Array.isArray(value) || isObject(value) ? ownValue(value, key) : undefined),
    root,
  );
}

function ownValue(object: object, key: PropertyKey): unknown {
  return Object.hasOwn(object, key) ? (object as Readonly<Record<PropertyKey, unknown>>)[key] : undefined;
}
