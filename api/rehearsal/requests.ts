import type { TrafficRequest } from "../../scripts/rehearse/traffic-module";
import type { TaskContent } from "./ledger";
import type { TaskOperation } from "./operations";

const STATUSES = ["todo", "doing", "done"];

/** A request, and the task that its answer must contain. */
export interface TaskRequest {
  readonly request: TrafficRequest;
  readonly expected: TaskContent;
}

/**
 * Builds the request of an operation.
 * @param task the task to read or write; only `list` and `create` work without one
 * @param number makes the title unique
 * @param random a number in [0, 1)
 */
export function buildRequest(
  operation: TaskOperation,
  task: TaskContent | undefined,
  number: number,
  random: number,
): TaskRequest {
  const expected = task ?? { id: "", title: "", status: "", version: 0 };
  const path = `/tasks/${expected.id}`;
  switch (operation) {
    case "list":
      return { request: { name: operation, method: "GET", path: "/tasks?limit=20" }, expected };
    case "get":
      return { request: { name: operation, method: "GET", path }, expected };
    case "delete":
      return { request: { name: operation, method: "DELETE", path }, expected };
    case "create": {
      const body = { title: `task ${number}`, status: "todo" };
      return {
        request: { name: operation, method: "POST", path: "/tasks", body },
        expected: { id: "", ...body, version: 1 },
      };
    }
    case "patch": {
      const body = { title: `task ${number}, changed`, status: STATUSES[Math.floor(random * STATUSES.length)] ?? "" };
      return {
        request: { name: operation, method: "PATCH", path, body, headers: { "if-match": `"${expected.version}"` } },
        expected: { ...expected, ...body, version: expected.version + 1 },
      };
    }
  }
}
