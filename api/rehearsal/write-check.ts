import type { TrafficAnswer, TrafficRequest, WriteCheck } from "../../scripts/rehearse/traffic-module";
import { parsePage, parseTask } from "./answer-check";
import { hasExpectedState, type Ledger, type TaskContent, type TaskState } from "./ledger";

/** Sends a request to the service. */
type Send = (request: TrafficRequest) => Promise<TrafficAnswer>;

/** Attempts per read. Many, because a version that often fails may serve at the end, without having lost a write. */
const TRIES = 30;

/** The service failed every attempt, so it is unknown whether writes are lost. */
class Unreadable extends Error {}

/**
 * Reads every written task back: first from the listing, then, because the listing is eventually consistent, one by one
 * those that it does not confirm.
 */
export async function checkWrites(ledger: Ledger, send: Send): Promise<WriteCheck> {
  const { acknowledged } = ledger;
  try {
    return { acknowledged, lost: await countLost(ledger, send) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { acknowledged, lost: null, unreadable: error.message };
  }
}

async function countLost(ledger: Ledger, send: Send): Promise<number> {
  const listed = await listAll(send);
  let lost = 0;
  for (const entry of ledger.all()) {
    if (hasExpectedState(entry, listed.get(entry.id) ?? "deleted")) continue;
    if (!hasExpectedState(entry, await readTask(send, entry.id))) lost += 1;
  }
  return lost;
}

async function listAll(send: Send): Promise<Map<string, TaskContent>> {
  const tasks = new Map<string, TaskContent>();
  for (let cursor: string | null = ""; cursor !== null;) {
    const path: string = `/tasks?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await readWithRetries(send, { name: "list", method: "GET", path }, ({ status, body }) =>
      status === 200 ? parsePage(body) : undefined,
    );
    for (const task of page.items) tasks.set(task.id, task);
    cursor = page.nextCursor;
  }
  return tasks;
}

function readTask(send: Send, id: string): Promise<TaskState> {
  return readWithRetries(send, { name: "get", method: "GET", path: `/tasks/${id}` }, ({ status, body }) => {
    if (status === 404) return "deleted";
    return status === 200 ? parseTask(body) : undefined;
  });
}

async function readWithRetries<Result>(
  send: Send,
  request: TrafficRequest,
  read: (response: Extract<TrafficAnswer, { kind: "response" }>) => Result | undefined,
): Promise<Result> {
  let last = "";
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const answer = await send(request);
    const result = answer.kind === "response" ? read(answer) : undefined;
    if (result !== undefined) return result;
    last = answer.kind === "response" ? `status ${answer.status}` : answer.reason;
  }
  throw new Unreadable(`GET ${request.path} ended with ${last}, ${TRIES} times`);
}
