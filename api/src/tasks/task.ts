import { z } from "zod";

const TASK_STATUSES = ["todo", "doing", "done"] as const;

/** Text of `from` to `to` characters, counted in code points, as JSON Schema counts: 🐤 is one, 👨‍👩‍👧 is five. */
function text(from: number, to: number, allowed: string) {
  // What the refinement checks, in the words of JSON Schema.
  const described = { minLength: from, maxLength: to, ...(from > 0 && { pattern: "\\S" }), description: allowed };
  return z
    .string({ error: (issue) => (issue.input === undefined ? `is required: ${allowed}` : `must be ${allowed}`) })
    .refine(
      (value) => {
        // Half a surrogate pair cannot be stored as UTF-8 and would come back changed.
        if (/\p{Surrogate}/u.test(value)) return false;
        // A code point takes at most two UTF-16 units: too long a text need not be counted.
        if (value.length > 2 * to) return false;
        const length = Array.from(value).length;
        return length >= from && length <= to && (from === 0 || value.trim() !== "");
      },
      { error: `must be ${allowed}` },
    )
    .meta(described);
}

const title = text(1, 200, "text of 1 to 200 characters, not blank");
const description = text(0, 2000, "text of at most 2000 characters");
const status = z.enum(TASK_STATUSES, { error: `must be one of ${TASK_STATUSES.join(", ")}` });

/** Body of POST /tasks. */
export const newTaskSchema = z.strictObject({
  title,
  description: description.optional(),
  status: status.default("todo"),
});
/** What a client says of a task it creates. */
export type NewTask = z.output<typeof newTaskSchema>;

/** Body of PATCH /tasks/:id: the fields to change; a description of null is taken away. */
export const taskChangesSchema = z
  .strictObject({ title: title.optional(), description: description.nullable().optional(), status: status.optional() })
  .refine((changes) => Object.keys(changes).length > 0, {
    error: "must have title, description or status",
    // Said only when nothing worse is wrong.
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ minProperties: 1 });
/** What a client wants changed. */
export type TaskChanges = z.output<typeof taskChangesSchema>;

/** What may be an id, which is a UUID of version 4; nothing else needs a look into the database. */
export const taskIdSchema = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

/** True for what may be an id. */
export function isTaskId(text: string): boolean {
  return taskIdSchema.safeParse(text).success;
}

/** ISO 8601 with milliseconds, UTC. */
const timestamp = z.iso.datetime({ precision: 3 });

/** A task as clients see it. */
export const taskSchema = z.strictObject({
  id: taskIdSchema,
  title,
  description: description.optional(),
  status,
  createdAt: timestamp,
  updatedAt: timestamp,
  version: z.int().min(1).meta({ description: "1 when created, one more with each change; the ETag" }),
});
/** A task as clients see it. */
export type Task = Readonly<z.output<typeof taskSchema>>;
