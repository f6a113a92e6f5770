import { z } from "zod";

// Schemas for inputs of services that speak several protocols. The Query protocol sends every value as text, so each schema
// accepts the text as well as the value.

/** A whole number, or its text. */
export const integer = z.union(
  [
    z.number().int(),
    z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number),
  ],
  { error: "expected a whole number" },
);

/** A number, or its text. */
export const decimal = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i)
      .transform(Number),
  ],
  { error: "expected a number" },
);

/** A boolean, or its text. */
export const boolean = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")], {
  error: "expected true or false",
});

/** A structure; the Query protocol writes an empty one as an empty text. */
export function structure<Shape extends z.ZodType>(shape: Shape) {
  return z.preprocess((value) => (value === "" ? {} : value), shape);
}

/** A list; the Query protocol writes an empty one as an empty text. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (value === "" ? [] : value), z.array(item));
}

/** A time: seconds since the Unix epoch (JSON), ISO 8601 (Query) or a Date (CBOR). Gives milliseconds since the Unix epoch. */
export const timestamp = z
  .union([
    z.number().transform((seconds) => seconds * 1000),
    z.date().transform((date) => date.getTime()),
    z.string().transform((text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text))),
  ])
  .refine((time) => !Number.isNaN(time), { error: "expected seconds since the epoch or an ISO 8601 time" });
