import { z } from "zod";

const TASK_STATUSES = ["todo", "doing", "done"] as const;

/** Text of `from` to `to` code points, which JSON Schema counts too: 🐤 is one, 👨‍👩‍👧 is five. */
function text(from: number, to: number, allowed: string) {
  // The same rules as in the refinement, for JSON Schema.
  const described = { minLength: from, maxLength: to, ...(from > 0 && { pattern: "\\S" }), description: allowed };
  return z
    .string({ error: (issue) => (issue.input === undefined ? `is required: ${allowed}` : `must be ${allowed}`) })
    .refine(
      (value) => {
        // UTF-8 can't encode half of a surrogate pair, so the stored text would be different.
        if (/\p{Surrogate}/u.test(value)) return false;
        // A code point has at most two UTF-16 units, so a longer text need not be counted.
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
/** The fields of a new task. */
export type NewTask = z.output<typeof newTaskSchema>;

/** Body of PATCH /tasks/:id: the fields to change. A description of null removes the description. */
export const taskChangesSchema = z
  .strictObject({ title: title.optional(), description: description.nullable().optional(), status: status.optional() })
  .refine((changes) => Object.keys(changes).length > 0, {
    error: "must have title, description or status",
    // Only when there is no other issue.
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ minProperties: 1 });
/** The fields to change. */
export type TaskChanges = z.output<typeof taskChangesSchema>;

/** The form of a task id: a UUID of version 4. Other texts need no request to the database. */
export const taskIdSchema = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

/** Whether a text has the form of a task id. */
export function isTaskId(text: string): boolean {
  return taskIdSchema.safeParse(text).success;
}

/** ISO 8601 with milliseconds, UTC. */
const timestamp = z.iso.datetime({ precision: 3 });

/** A task in responses. */
export const taskSchema = z.strictObject({
  id: taskIdSchema,
  title,
  description: description.optional(),
  status,
  createdAt: timestamp,
  updatedAt: timestamp,
  version: z.int().min(1).meta({ description: "1 when created, one more with each change; the ETag" }),
});
/** A task in responses. */
export type Task = Readonly<z.output<typeof taskSchema>>;
