import type { Router } from "@koa/router";
import type { Middleware } from "koa";
import { z } from "zod";
import { jsonBody } from "../http/json-body";
import { etagOf, optionalVersions, requiredVersions } from "../http/preconditions";
import { checked, Problem } from "../http/problem";
import { decodeCursor, encodeCursor, type Position } from "./cursor";
import { isTaskId, newTaskSchema, taskChangesSchema, taskSchema } from "./task";
import type { Refusal, TaskTable } from "./task-table";

/** Default size of a page. */
const DEFAULT_LIMIT = 50;

/** Largest size of a page. */
const MAX_LIMIT = 100;

const limitMessage = `must be a whole number from 1 to ${MAX_LIMIT}`;

/** Query string of GET /tasks. */
export const listSchema = z.object({
  limit: z
    .string({ error: limitMessage })
    .regex(/^[1-9]\d{0,8}$/, { error: limitMessage })
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_LIMIT, { error: limitMessage }))
    .default(DEFAULT_LIMIT),
  cursor: z
    .string({ error: "must be given once" })
    .transform((cursor, context): Position => {
      const position = decodeCursor(cursor);
      if (position) return position;
      context.addIssue({ code: "custom", message: "is not a cursor of this list; take nextCursor of the page before" });
      return z.NEVER;
    })
    .optional(),
});

/** Response body of GET /tasks, newest tasks first. */
export const taskPageSchema = z.strictObject({ items: z.array(taskSchema), nextCursor: z.string().nullable() });

function notFound(): Problem {
  return new Problem(404, { detail: "There is no task with this id." });
}

/** The problem for a refused write. */
function problemOf(refusal: Refusal): Problem {
  if (refusal.kind === "missing") return notFound();
  const headers = { ETag: etagOf(refusal.current) };
  if (refusal.kind === "changed") {
    const detail = "The task has been changed since you read it: read it again, then decide.";
    return new Problem(412, { detail, headers });
  }
  const detail = "Your change may have been made, and others have been made since: read the task again, then decide.";
  return new Problem(503, { detail, headers });
}

/**
 * The task id in the path.
 * @throws Problem 404 when the text is not a task id
 */
function idOf(params: Readonly<Record<string, string | undefined>>): string {
  const { id } = params;
  if (id === undefined || !isTaskId(id)) throw notFound();
  return id;
}

/**
 * Adds the routes of tasks to a router.
 * @param before middleware that runs before each route
 */
export function taskRoutes(router: Router, table: TaskTable, before: Middleware): void {
  router.get("/tasks", before, async (ctx) => {
    const { limit, cursor } = checked(listSchema, ctx.query);
    const page = await table.list(limit, cursor);
    ctx.body = { items: page.tasks, nextCursor: page.next ? encodeCursor(page.next) : null };
  });

  router.post("/tasks", before, jsonBody, async (ctx) => {
    const task = await table.create(checked(newTaskSchema, ctx.request.body));
    ctx.status = 201;
    ctx.set({ Location: `/tasks/${task.id}`, ETag: etagOf(task) });
    ctx.body = task;
  });

  router.get("/tasks/:id", before, async (ctx) => {
    const task = await table.get(idOf(ctx.params));
    if (!task) throw notFound();
    ctx.set("ETag", etagOf(task));
    ctx.body = task;
  });

  router.patch("/tasks/:id", before, jsonBody, async (ctx) => {
    const id = idOf(ctx.params);
    const versions = requiredVersions(ctx.headers["if-match"]);
    const outcome = await table.update(id, checked(taskChangesSchema, ctx.request.body), versions);
    if (outcome.kind !== "done") throw problemOf(outcome);
    ctx.set("ETag", etagOf(outcome.task));
    ctx.body = outcome.task;
  });

  router.delete("/tasks/:id", before, async (ctx) => {
    const outcome = await table.remove(idOf(ctx.params), optionalVersions(ctx.headers["if-match"]));
    if (outcome.kind !== "done") throw problemOf(outcome);
    ctx.status = 204;
  });
}
