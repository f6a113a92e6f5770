import type { Call, ServiceClient } from "./client";
import { parsePage, parseTask, type ServiceAnswer } from "./answer-check";
import { holds, type Ledger, type TaskContent, type TaskState } from "./ledger";

/** Acknowledged writes, and what became of them. */
export interface WriteCheck {
  readonly acknowledged: number;
  /** Tasks that did not read back as they were acknowledged; null when they could not be read back. */
  readonly lost: number | null;
  /** Why they could not. */
  readonly unreadable?: string;
}

/** A bad version may serve at the end. Whether a write was kept is another question than how often it can be read. */
const TRIES = 30;

/** The service never gives what it was asked for: nothing can be said of the writes. */
class Unreadable extends Error {}

/**
 * Reads every task back that was written: from the listing, and those that the listing does not confirm (it is
 * eventually consistent) one by one.
 */
export async function checkWrites(ledger: Ledger, client: Pick<ServiceClient, "send">): Promise<WriteCheck> {
  const { acknowledged } = ledger;
  try {
    return { acknowledged, lost: await countLost(ledger, client) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { acknowledged, lost: null, unreadable: error.message };
  }
}

async function countLost(ledger: Ledger, client: Pick<ServiceClient, "send">): Promise<number> {
  const listed = await listAll(client);
  let lost = 0;
  for (const entry of ledger.all()) {
    if (holds(entry, listed.get(entry.id) ?? "deleted")) continue;
    if (!holds(entry, await readTask(client, entry.id))) lost += 1;
  }
  return lost;
}

async function listAll(client: Pick<ServiceClient, "send">): Promise<Map<string, TaskContent>> {
  const tasks = new Map<string, TaskContent>();
  for (let cursor: string | null = ""; cursor !== null;) {
    const path: string = `/tasks?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await insist(client, { method: "GET", path }, ({ status, body }) =>
      status === 200 ? parsePage(body) : undefined,
    );
    for (const task of page.items) tasks.set(task.id, task);
    cursor = page.nextCursor;
  }
  return tasks;
}

function readTask(client: Pick<ServiceClient, "send">, id: string): Promise<TaskState> {
  return insist(client, { method: "GET", path: `/tasks/${id}` }, ({ status, body }) => {
    if (status === 404) return "deleted";
    return status === 200 ? parseTask(body) : undefined;
  });
}

async function insist<Result>(
  client: Pick<ServiceClient, "send">,
  call: Call,
  read: (response: Extract<ServiceAnswer, { kind: "response" }>) => Result | undefined,
): Promise<Result> {
  let last = "";
  for (let tried = 0; tried < TRIES; tried += 1) {
    const answer = await client.send(call);
    const result = answer.kind === "response" ? read(answer) : undefined;
    if (result !== undefined) return result;
    last = answer.kind === "response" ? `status ${answer.status}` : answer.reason;
  }
  throw new Unreadable(`GET ${call.path} ended with ${last}, ${TRIES} times`);
}
