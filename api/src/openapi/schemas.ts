import { z } from "zod";
import { healthSchema } from "../http/health";
import { problemSchema } from "../http/problem";
import { taskPageSchema } from "../tasks/task-routes";
import { newTaskSchema, taskChangesSchema, taskSchema } from "../tasks/task";

/** A schema as JSON Schema 2020-12 has it, which is OpenAPI 3.1's own. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The bodies that have a name in the description. */
const NAMED = {
  Task: taskSchema,
  TaskPage: taskPageSchema,
  NewTask: newTaskSchema,
  TaskChanges: taskChangesSchema,
  Health: healthSchema,
  Problem: problemSchema,
} as const;

/** Name of one of them. */
export type SchemaName = keyof typeof NAMED;

const uriOf = (name: string) => `#/components/schemas/${name}`;

/** A reference to a named schema. */
export function reference(name: SchemaName): JsonSchema {
  return { $ref: uriOf(name) };
}

/** Without what names a schema that stands alone. */
function inDocument(schema: object): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema" && key !== "$id"));
}

/**
 * One schema, of what validates.
 * @param io what a client writes, or what that becomes: a number, where the client writes its digits
 */
export function schemaOf(schema: z.ZodType, io: "input" | "output" = "input"): JsonSchema {
  return inDocument(z.toJSONSchema(schema, { io }));
}

/** All named schemas, of the very ones that validate. */
export function namedSchemas(): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: "input", uri: uriOf });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, inDocument(schema)]));
}
