import { z } from "zod";
import type { TrafficAnswer } from "../../scripts/rehearse/traffic-module";
import { sameState, type LedgerEntry, type TaskContent } from "./ledger";
import type { TaskOperation } from "./operations";

/** Whether the answer is correct. */
export type AnswerCheck =
  | { readonly kind: "ok"; readonly task?: TaskContent }
  /** A conditional write was refused (412): this is no failure, but the write is not acknowledged. */
  | { readonly kind: "refused" }
  | { readonly kind: "failed"; readonly reason: string };

const taskSchema = z.object({ id: z.string(), title: z.string(), status: z.string(), version: z.number().int() });
const pageSchema = z.object({ items: z.array(taskSchema), nextCursor: z.string().nullable() });
/** A page of GET /tasks. */
export type TaskPage = z.infer<typeof pageSchema>;

/** Parses a page; undefined when the body is no page. */
export function parsePage(body: string): TaskPage | undefined {
  return parse(pageSchema, body);
}

/** Parses a task; undefined when the body is no task. */
export function parseTask(body: string): TaskContent | undefined {
  return parse(taskSchema, body);
}

/**
 * Decides whether an answer is correct.
 * @param expected the task that the answer must contain; `get` may also return a later version of it
 * @param now the ledger's entry of the task when the answer comes: the task may have been deleted in the meantime
 */
export function checkAnswer(
  operation: TaskOperation,
  answer: TrafficAnswer,
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
