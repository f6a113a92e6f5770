import { z } from "zod";
import { problemsOf, TemplateError } from "./error";
import type { Resolver } from "./resolve";
import type { Stack } from "./stacks";

/** A resource: its stack, its address and the attributes that a schema names. */
export interface Resource<T> {
  readonly stack: Stack;
  /** `type.name`. */
  readonly address: string;
  readonly value: T;
}

/** A number, or a string of digits: Terraform accepts both, and CDKTF writes both. */
export const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/, "is not a number")
    .transform(Number),
]);

/** A boolean, or "true" or "false": Terraform accepts both. */
export const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

/**
 * An attribute for which the local cloud supports one value: see ONLY in not-played.ts. It refuses any other value.
 * @param supported the supported value, also the value when the attribute is not set; and what the local cloud does, for the
 *   error message
 */
export function only({ value, why }: { readonly value: string | number | boolean; readonly why: string }) {
  const error = `must be ${value}: ${why}`;
  // Terraform accepts strings for numbers and booleans.
  return z
    .union([z.string(), z.number(), z.boolean()], error)
    .default(value)
    .refine((given) => String(given) === String(value), error);
}

/** A block that may occur once: Terraform's JSON accepts an object or a list of one. */
export function block<T extends z.ZodType>(schema: T) {
  return z.preprocess((value): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value), schema);
}

/** A block that may occur several times: Terraform's JSON accepts a list, or an object for one block. */
export function blocks<T extends z.ZodType>(schema: T) {
  return z.preprocess((value): unknown => (Array.isArray(value) ? value : [value]), z.array(schema));
}

/** Finds resources in the stacks. Resolves and checks the attributes that a schema names. */
export class Reader {
  constructor(
    readonly stacks: readonly Stack[],
    private readonly resolver: Resolver,
  ) {}

  /** All resources of a type, in the order of the stacks. @throws TemplateError when one does not fit the schema */
  all<S extends z.ZodRawShape>(type: string, schema: z.ZodObject<S>): Resource<z.output<z.ZodObject<S>>>[] {
    return this.stacks.flatMap((stack) =>
      Object.keys(stack.resources[type] ?? {}).map((name) => this.read(stack, `${type}.${name}`, schema)),
    );
  }

  /**
   * The only resource of a type.
   * @param home the stack that usually holds it, for the error message
   * @throws TemplateError when there is not exactly one, or it does not fit the schema
   */
  one<S extends z.ZodRawShape>(type: string, home: string, schema: z.ZodObject<S>): Resource<z.output<z.ZodObject<S>>> {
    const found = this.all(type, schema);
    const [only, second] = found;
    if (!only)
      throw new TemplateError(
        `${home}: no ${type} found (looked in ${this.stacks.map(({ name }) => name).join(", ")}); ` +
          `the local cloud needs one: check the stacks and run npm run synth`,
      );
    if (second)
      throw new TemplateError(
        `${home}: several ${type} found (${found.map((r) => `${r.stack.name}: ${r.address}`).join(", ")}); ` +
          `the local cloud runs exactly one`,
      );
    return only;
  }

  private read<S extends z.ZodRawShape>(
    stack: Stack,
    address: string,
    schema: z.ZodObject<S>,
  ): Resource<z.output<z.ZodObject<S>>> {
    const values = Object.keys(schema.shape).flatMap((attribute) => {
      const value = this.resolver.attribute(stack, address, attribute);
      return value === undefined || value === null ? [] : [[attribute, value] as const];
    });
    const parsed = schema.safeParse(Object.fromEntries(values));
    if (!parsed.success) throw new TemplateError(`${stack.name}: ${address}: ${problemsOf(parsed.error)}`);
    return { stack, address, value: parsed.data };
  }
}
