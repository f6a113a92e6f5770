/** Choices rather than collections of settings: half of one and half of another would be neither. */
const WHOLES = new Set(["state", "network.vpc", "loadBalancer.https", "delivery.strategy"]);

/** Is it an object with keys (no array, no null)? */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lays `over` on `base`: objects key by key, everything else (arrays, and what is a choice) as a whole. */
export function merge(base: unknown, over: unknown, path = ""): unknown {
  if (over === undefined) return base;
  if (!isObject(base) || !isObject(over) || WHOLES.has(path)) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  const childPath = (key: string) => (path === "" ? key : `${path}.${key}`);
  return Object.fromEntries(
    [...keys].map((key) => [key, merge(ownValue(base, key), ownValue(over, key), childPath(key))]),
  );
}

/** The value at a path, own keys only; undefined when there is none. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (Array.isArray(value) || isObject(value) ? ownValue(value, key) : undefined),
    root,
  );
}

function ownValue(object: object, key: PropertyKey): unknown {
  return Object.hasOwn(object, key) ? (object as Readonly<Record<PropertyKey, unknown>>)[key] : undefined;
}
