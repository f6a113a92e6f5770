import { z } from "zod";
import { healthSchema } from "../http/health";
import { problemSchema } from "../http/problem";
import { taskPageSchema } from "../tasks/task-routes";
import { newTaskSchema, taskChangesSchema, taskSchema } from "../tasks/task";

/** A schema in JSON Schema 2020-12, which OpenAPI 3.1 uses. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The named schemas of the document. */
const NAMED = {
  Task: taskSchema,
  TaskPage: taskPageSchema,
  NewTask: newTaskSchema,
  TaskChanges: taskChangesSchema,
  Health: healthSchema,
  Problem: problemSchema,
} as const;

/** The name of a schema in the document. */
export type SchemaName = keyof typeof NAMED;

const uriOf = (name: string) => `#/components/schemas/${name}`;

/** A reference to a named schema. */
export function reference(name: SchemaName): JsonSchema {
  return { $ref: uriOf(name) };
}

/** Removes the keys that only a standalone schema has. */
function inDocument(schema: object): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema" && key !== "$id"));
}

/**
 * The JSON Schema of a validating schema.
 * @param io the input that a client sends, or the parsed output, such as a number instead of its digits
 */
export function schemaOf(schema: z.ZodType, io: "input" | "output" = "input"): JsonSchema {
  return inDocument(z.toJSONSchema(schema, { io }));
}

/** All named schemas, from those that validate. */
export function namedSchemas(): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: "input", uri: uriOf });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, inDocument(schema)]));
}
