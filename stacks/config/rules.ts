import { z } from "zod";

/**
 * Building blocks of the schema. Each carries ONE sentence that says what is allowed; whatever is wrong with a value,
 * the problem reads `<key path>: <value> is not allowed; must be <that sentence>`.
 */

/** A whole number from `min` to `max`, both included; `why` is appended to what is allowed. */
export function integer(min: number, max: number, why?: string): z.ZodType<number> {
  const allowed = `a whole number from ${min} to ${max}${why === undefined ? "" : ` (${why})`}`;
  return z
    .number({ error: allowed })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, { error: allowed });
}

/** A number that passes `accept`. */
export function number(allowed: string, accept: (value: number) => boolean): z.ZodType<number> {
  return z.number({ error: allowed }).refine(accept, { error: allowed });
}

/** A string that passes `accept`. */
export function text(allowed: string, accept: (value: string) => boolean): z.ZodType<string> {
  return z.string({ error: allowed }).refine(accept, { error: allowed });
}

/** One of `values`. */
export function oneOf<const T extends string>(...values: readonly [T, ...T[]]): z.ZodType<T> {
  return z.enum(values, { error: listOf(values) });
}

/** `"a", "b" or "c"`. */
export function listOf(values: readonly (string | number)[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  const last = quoted.pop() ?? "nothing";
  return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}
