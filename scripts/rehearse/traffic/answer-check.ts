import { z } from "zod";
import { sameState, type LedgerEntry, type TaskContent } from "./ledger";
import type { TaskOperation } from "./operations";

/** What came back for a request. */
export type ServiceAnswer =
  | { readonly kind: "response"; readonly status: number; readonly version: string | undefined; readonly body: string }
  /** No complete response: connection refused or reset, timeout. */
  | { readonly kind: "broken"; readonly reason: string };

/** How a request ended: what the service promised was kept, was refused for a good reason, or was broken. */
export type AnswerCheck =
  | { readonly kind: "ok"; readonly task?: TaskContent }
  /** A lost race (412): no failure, and not acknowledged either. */
  | { readonly kind: "refused" }
  | { readonly kind: "failed"; readonly reason: string };

const taskSchema = z.object({ id: z.string(), title: z.string(), status: z.string(), version: z.number().int() });
const pageSchema = z.object({ items: z.array(taskSchema), nextCursor: z.string().nullable() });
/** A page of GET /tasks. */
export type TaskPage = z.infer<typeof pageSchema>;

/** Reads a page; undefined when it is none. */
export function parsePage(body: string): TaskPage | undefined {
  return parse(pageSchema, body);
}

/** Reads a task; undefined when it is none. */
export function parseTask(body: string): TaskContent | undefined {
  return parse(taskSchema, body);
}

/**
 * Decides how a request ended.
 * @param expected the task as it must be read: in this version or, when read alone, a later one
 * @param now what is known of it when the answer comes: it may be deleted while it is read
 */
export function checkAnswer(
  operation: TaskOperation,
  answer: ServiceAnswer,
  expected: TaskContent,
  now?: LedgerEntry,
): AnswerCheck {
  if (answer.kind === "broken") return { kind: "failed", reason: answer.reason };
  const { status, body } = answer;
  const failed = (reason: string): AnswerCheck => ({ kind: "failed", reason: `${operation}: ${reason}` });
  switch (operation) {
    case "list":
      if (status !== 200) return failed(`status ${status}`);
      return parsePage(body) ? { kind: "ok" } : failed("not a page of tasks");
    case "get": {
      if (status === 404 && (now?.acknowledged === "deleted" || now?.attempted === "deleted")) return { kind: "ok" };
      if (status !== 200) return failed(`status ${status}`);
      const task = parseTask(body);
      if (!task || task.id !== expected.id) return failed("not the task asked for");
      return task.version >= expected.version ? { kind: "ok" } : failed("older than what was acknowledged");
    }
    case "create": {
      if (status !== 201) return failed(`status ${status}`);
      const task = parseTask(body);
      return task && task.title === expected.title ? { kind: "ok", task } : failed("not the task created");
    }
    case "patch": {
      if (status === 412) return { kind: "refused" };
      if (status !== 200) return failed(`status ${status}`);
      const task = parseTask(body);
      return task && sameState(task, expected) ? { kind: "ok", task } : failed("not the task as changed");
    }
    case "delete":
      if (status === 412) return { kind: "refused" };
      return status === 204 ? { kind: "ok" } : failed(`status ${status}`);
  }
}

function parse<Value>(schema: z.ZodType<Value>, body: string): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
