import { z } from "zod";

/**
 * The keys of the configuration that have a value or a list, as dotted paths. For a choice between several forms, the keys of all
 * forms.
 */
export function keysOf(schema: unknown, path: readonly string[] = []): string[] {
  if (schema instanceof z.ZodOptional) return keysOf(schema.unwrap(), path);
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape as Readonly<Record<string, unknown>>).flatMap(([key, value]) =>
      keysOf(value, [...path, key]),
    );
  }
  if (schema instanceof z.ZodUnion) {
    return [...new Set(schema.options.flatMap((option: unknown) => keysOf(option, path)))];
  }
  return [path.join(".")];
}
