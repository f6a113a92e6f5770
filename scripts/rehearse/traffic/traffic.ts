import type { Cancel, Clock } from "../../cloud/clock";
import type { Client } from "./client";
import { judge, parsePage, parseTask, type Answer } from "./judge";
import { holds, Ledger, type LedgerEntry, type TaskContent, type TaskState } from "./ledger";
import { chooseOperation, requestsDue, type Operation } from "./operations";
import { planRequest } from "./plan";
import { seededRandom } from "./random";

/** What is remembered of one request. */
export interface RequestRecord {
  /** When it was due: simulated milliseconds since the Unix epoch. */
  readonly at: number;
  readonly operation: Operation;
  /** Release that answered; undefined when none did (the load balancer itself, or nobody). */
  readonly version: string | undefined;
  /** Why it counts as failed. */
  readonly failure: string | undefined;
  /** From when it was due to its answer: simulated milliseconds. */
  readonly latencyMs: number;
}

/** Acknowledged writes, and how many tasks did not read back as they were acknowledged. */
export interface WriteCheck {
  readonly acknowledged: number;
  readonly lost: number;
}

/** Wall milliseconds between two looks at what is due: timers are not finer than that. */
const TICK_WALL_MS = 2;

/** Reads and writes tasks at a steady pace on the cloud's clock, and remembers what was acknowledged. */
export class Traffic {
  private readonly ledger = new Ledger();
  private readonly random: () => number;
  private readonly underWay = new Set<Promise<void>>();
  private cancel: Cancel | undefined;
  private sent = 0;

  /** @param options.requestsPerSecond requests per simulated second, greater than 0 */
  constructor(
    private readonly options: {
      readonly clock: Clock;
      readonly client: Client;
      readonly requestsPerSecond: number;
      readonly onRequest?: (record: RequestRecord) => void;
      readonly seed?: number;
    },
  ) {
    this.random = seededRandom(options.seed ?? 1);
  }

  /**
   * Sends `count` requests, one after the other, as fast as they are answered. The first requests of a fresh process
   * are slow on the wall; on a fast clock they would look like a slow service.
   */
  async warmUp(count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += 1) {
      await this.options.client.send({ method: "GET", path: `/tasks?limit=${(sent % 100) + 1}` });
    }
  }

  /** Starts sending. */
  start(): void {
    const { clock, requestsPerSecond } = this.options;
    const startedAt = clock.now();
    const tickMs = Math.max(1000 / requestsPerSecond, TICK_WALL_MS * clock.speed);
    const send = () => {
      const due = requestsDue(clock.now() - startedAt, requestsPerSecond, this.sent);
      for (let index = 0; index < due; index += 1) {
        const at = startedAt + (this.sent / requestsPerSecond) * 1000;
        this.sent += 1;
        const one = this.request(at).finally(() => this.underWay.delete(one));
        this.underWay.add(one);
      }
    };
    send();
    this.cancel = clock.every(tickMs, send);
  }

  /** Sends no more; resolves when every request has its answer. */
  async stop(): Promise<void> {
    this.cancel?.();
    await Promise.all(this.underWay);
  }

  /**
   * Reads every task back that was written: from the listing, and those that the listing does not confirm (it is
   * eventually consistent) one by one.
   * @throws when the listing cannot be read
   */
  async check(): Promise<WriteCheck> {
    const listed = await this.listAll();
    let lost = 0;
    for (const entry of this.ledger.all()) {
      if (holds(entry, listed.get(entry.id) ?? "deleted")) continue;
      const answer = await this.options.client.send({ method: "GET", path: `/tasks/${entry.id}` });
      if (!holds(entry, stateIn(answer, entry))) lost += 1;
    }
    return { acknowledged: this.ledger.acknowledged, lost };
  }

  private async listAll(): Promise<Map<string, TaskContent>> {
    const tasks = new Map<string, TaskContent>();
    for (let cursor: string | null = ""; cursor !== null;) {
      const answer: Answer = await this.options.client.send({
        method: "GET",
        path: `/tasks?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      });
      const page = answer.kind === "response" && answer.status === 200 ? parsePage(answer.body) : undefined;
      if (!page) {
        const reason = answer.kind === "broken" ? answer.reason : `status ${answer.status}`;
        throw new Error(`the written tasks could not be listed to check them: ${reason}`);
      }
      for (const task of page.items) tasks.set(task.id, task);
      cursor = page.nextCursor;
    }
    return tasks;
  }

  private async request(at: number): Promise<void> {
    const entry = this.ledger.pick(this.random());
    const operation = chooseOperation(this.random(), this.ledger.available);
    const known = entry && entry.acknowledged !== "deleted" ? entry.acknowledged : undefined;
    const { call, expected } = planRequest(operation, known, this.sent, this.random());
    if (entry && operation === "patch") this.ledger.begin(entry, expected);
    if (entry && operation === "delete") this.ledger.begin(entry, "deleted");
    const answer = await this.options.client.send(call);
    const judgement = judge(operation, answer, expected, entry);
    if (judgement.kind === "ok") {
      if (operation === "create" && judgement.task) this.ledger.created(judgement.task);
      if (operation === "patch" && judgement.task) this.ledger.acknowledge(judgement.task.id, judgement.task);
      if (operation === "delete" && entry) this.ledger.acknowledge(entry.id, "deleted");
    }
    // A refused or failed write leaves its task out of the next ones: it may have been made, whatever the answer says.
    this.options.onRequest?.({
      at,
      operation,
      version: answer.kind === "response" ? answer.version : undefined,
      failure: judgement.kind === "failed" ? judgement.reason : undefined,
      latencyMs: this.options.clock.now() - at,
    });
  }
}

/** What an answer says of a task; an answer that says nothing counts as something that was never written. */
function stateIn(answer: Answer, entry: LedgerEntry): TaskState {
  if (answer.kind === "response" && answer.status === 404) return "deleted";
  const task = answer.kind === "response" && answer.status === 200 ? parseTask(answer.body) : undefined;
  return task ?? { id: entry.id, title: "", status: "", version: 0 };
}
