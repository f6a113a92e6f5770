import type { Cancel, Clock } from "../../cloud/clock";
import { responseTimeMs } from "../../cloud/load-balancer/response-time";
import { checkWrites, type WriteCheck } from "./write-check";
import type { Call, ServiceClient } from "./client";
import { checkAnswer, type ServiceAnswer } from "./answer-check";
import { Ledger } from "./ledger";
import { chooseOperation, requestsDue, type TaskOperation } from "./operations";
import { buildRequest } from "./requests";
import { seededRandom } from "./random";

/** A request and its answer, in words. */
export interface ExchangeText {
  /** e.g. `GET /tasks?limit=20` */
  readonly request: string;
  /** e.g. `404 Not Found`: the status and the beginning of the body; or why there was no answer. */
  readonly answer: string;
}

/** What is remembered of one request. */
export interface RequestRecord {
  /** When it was due: simulated milliseconds since the Unix epoch. */
  readonly at: number;
  readonly operation: TaskOperation;
  /** Release that answered; undefined when none did (the load balancer itself, or nobody). */
  readonly version: string | undefined;
  /** HTTP status; undefined when no complete answer came. */
  readonly status: number | undefined;
  /** Why it counts as failed. */
  readonly failure: string | undefined;
  /** A write was refused as a lost race (412). */
  readonly refused: boolean;
  /** What was asked and answered, of one that failed or was refused. */
  readonly exchange: ExchangeText | undefined;
  /** From when it was due to its answer: milliseconds, as the load balancer counts them (response-time.ts). */
  readonly latencyMs: number;
}

/** Requests that wake up the version that serves. */
const WARM_UP_REQUESTS = 60;
/** Bad answers in a row after which a service is not about to wake up. */
const WARM_UP_FAILURES = 5;
/** Characters of a body that are shown. */
const SHOWN_CHARACTERS = 80;
/** Wall milliseconds between two looks at what is due: timers are not finer than that. */
const TICK_WALL_MS = 2;

/** Reads and writes tasks at a steady pace on the cloud's clock, and remembers what was acknowledged. */
export class Traffic {
  private readonly ledger = new Ledger();
  private readonly random: () => number;
  private readonly underWay = new Set<Promise<void>>();
  private cancel: Cancel | undefined;
  private sendDue: () => void = () => undefined;
  private sent = 0;

  /** @param options.requestsPerSecond requests per simulated second, greater than 0 */
  constructor(
    private readonly options: {
      readonly clock: Clock;
      readonly client: Pick<ServiceClient, "send">;
      readonly requestsPerSecond: number;
      /** Wall milliseconds of a response that count as they are (settings.ts of the cloud). */
      readonly realResponseMs: number;
      readonly onRequest?: (record: RequestRecord) => void;
      readonly seed?: number;
    },
  ) {
    this.random = seededRandom(options.seed ?? 1);
  }

  /**
   * Sends some requests, one after the other, as fast as they are answered. The first requests of a fresh process are
   * slow on the wall; on a fast clock they would look like a slow service. Judges nothing, and ends early where nothing
   * wakes up: a service that hangs would take an hour.
   */
  async warmUp(): Promise<void> {
    for (let sent = 0, bad = 0; sent < WARM_UP_REQUESTS && bad < WARM_UP_FAILURES; sent += 1) {
      const answer = await this.options.client.send({ method: "GET", path: `/tasks?limit=${sent + 1}` });
      bad = answer.kind === "response" && answer.status < 400 ? 0 : bad + 1;
    }
  }

  /** Starts sending. */
  start(): void {
    const { clock, requestsPerSecond } = this.options;
    const startedAt = clock.now();
    const tickMs = Math.max(1000 / requestsPerSecond, TICK_WALL_MS * clock.speed);
    this.sendDue = () => {
      const due = requestsDue(clock.now() - startedAt, requestsPerSecond, this.sent);
      for (let index = 0; index < due; index += 1) {
        const at = startedAt + (this.sent / requestsPerSecond) * 1000;
        this.sent += 1;
        const one = this.request(at).finally(() => this.underWay.delete(one));
        this.underWay.add(one);
      }
    };
    this.sendDue();
    this.cancel = clock.every(tickMs, this.sendDue);
  }

  /** Resolves when every request that is under way now has its answer. */
  async answered(): Promise<void> {
    await Promise.all(this.underWay);
  }

  /** How many requests are under way. */
  get unanswered(): number {
    return this.underWay.size;
  }

  /** Acknowledged writes so far. */
  get acknowledged(): number {
    return this.ledger.acknowledged;
  }

  /** Sends what is due by now, and no more after it; resolves when every request has its answer. */
  async stop(): Promise<void> {
    this.sendDue();
    this.sendDue = () => undefined;
    this.cancel?.();
    await Promise.all(this.underWay);
  }

  /** Looks for every acknowledged write. */
  check(): Promise<WriteCheck> {
    return checkWrites(this.ledger, this.options.client);
  }

  private async request(at: number): Promise<void> {
    const { clock, client, realResponseMs } = this.options;
    const entry = this.ledger.pick(this.random());
    const operation = chooseOperation(this.random(), this.ledger.available);
    const known = entry && entry.acknowledged !== "deleted" ? entry.acknowledged : undefined;
    const { call, expected } = buildRequest(operation, known, this.sent, this.random());
    if (entry && operation === "patch") this.ledger.begin(entry, expected);
    if (entry && operation === "delete") this.ledger.begin(entry, "deleted");
    const done = clock.work();
    const answer = await client.send(call).finally(done);
    const judgement = checkAnswer(operation, answer, expected, entry);
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
      status: answer.kind === "response" ? answer.status : undefined,
      failure: judgement.kind === "failed" ? judgement.reason : undefined,
      refused: judgement.kind === "refused",
      exchange: judgement.kind === "ok" ? undefined : exchangeOf(call, answer),
      latencyMs: responseTimeMs(clock.now() - at, clock.speed, realResponseMs),
    });
  }
}

function exchangeOf({ method, path }: Call, answer: ServiceAnswer): ExchangeText {
  const request = `${method} ${path}`;
  if (answer.kind === "broken") return { request, answer: answer.reason };
  const body = answer.body.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const shown = body.length > SHOWN_CHARACTERS ? `${body.slice(0, SHOWN_CHARACTERS)}…` : body;
  return { request, answer: shown === "" ? String(answer.status) : `${answer.status} ${shown}` };
}
