import type { Cancel, Clock } from "../../cloud/clock";
import { responseTimeMs } from "../../cloud/load-balancer/response-time";
import { checkWrites, type WriteCheck } from "./write-check";
import type { Call, ServiceClient } from "./client";
import { checkAnswer, type ServiceAnswer } from "./answer-check";
import { Ledger } from "./ledger";
import { chooseOperation, requestsDue, type TaskOperation } from "./operations";
import { buildRequest } from "./requests";
import { seededRandom } from "./random";

/** A request and its answer, as text. */
export interface ExchangeText {
  /** e.g. `GET /tasks?limit=20` */
  readonly request: string;
  /** The status and the beginning of the body, e.g. `404 Not Found`; or why there was no answer. */
  readonly answer: string;
}

/** A request with the result of its check. */
export interface RequestRecord {
  /** When it was due: simulated milliseconds since the Unix epoch. */
  readonly at: number;
  readonly operation: TaskOperation;
  /** The version that answered; undefined when the load balancer answered itself, or no answer came. */
  readonly version: string | undefined;
  /** HTTP status; undefined when no complete answer came. */
  readonly status: number | undefined;
  /** Why the request failed; undefined when it did not. */
  readonly failure: string | undefined;
  /** Whether a conditional write was refused (412). */
  readonly refused: boolean;
  /** Undefined when the answer was correct. */
  readonly exchange: ExchangeText | undefined;
  /** Simulated milliseconds from when it was due until its answer, as the load balancer counts them (response-time.ts). */
  readonly latencyMs: number;
}

/** Number of requests that warm up the serving version. */
const WARM_UP_REQUESTS = 60;
/** The warm-up ends after this number of failed requests in a row. */
const WARM_UP_FAILURES = 5;
/** Maximum number of characters of a body in a report. */
const SHOWN_CHARACTERS = 80;
/** Shortest interval between two checks for due requests, in wall milliseconds: timers are not more precise. */
const TICK_WALL_MS = 2;

/** Reads and writes tasks at a constant rate by the cloud's clock, and records acknowledged writes. */
export class Traffic {
  private readonly ledger = new Ledger();
  private readonly random: () => number;
  private readonly inFlight = new Set<Promise<void>>();
  private cancel: Cancel | undefined;
  private sendDue: () => void = () => undefined;
  private sent = 0;

  /** @param options.requestsPerSecond requests per simulated second, greater than 0 */
  constructor(
    private readonly options: {
      readonly clock: Clock;
      readonly client: Pick<ServiceClient, "send">;
      readonly requestsPerSecond: number;
      /** The first milliseconds of a response, in wall time, which are not multiplied by the speed (settings.ts of the cloud). */
      readonly realResponseMs: number;
      readonly onRequest?: (record: RequestRecord) => void;
      readonly seed?: number;
    },
  ) {
    this.random = seededRandom(options.seed ?? 1);
  }

  /**
   * Sends some requests one after the other and ignores their results. The first requests of a new process are slow in
   * wall time; on a fast clock, the service would look slow. Ends early when several requests fail in a row, because
   * each request to a service that hangs takes until the timeout.
   */
  async warmUp(): Promise<void> {
    for (let sent = 0, bad = 0; sent < WARM_UP_REQUESTS && bad < WARM_UP_FAILURES; sent += 1) {
      const answer = await this.options.client.send({ method: "GET", path: `/tasks?limit=${sent + 1}` });
      bad = answer.kind === "response" && answer.status < 400 ? 0 : bad + 1;
    }
  }

  /** Starts to send requests. */
  start(): void {
    const { clock, requestsPerSecond } = this.options;
    const startedAt = clock.now();
    const tickMs = Math.max(1000 / requestsPerSecond, TICK_WALL_MS * clock.speed);
    this.sendDue = () => {
      const due = requestsDue(clock.now() - startedAt, requestsPerSecond, this.sent);
      for (let index = 0; index < due; index += 1) {
        const at = startedAt + (this.sent / requestsPerSecond) * 1000;
        this.sent += 1;
        const one = this.request(at).finally(() => this.inFlight.delete(one));
        this.inFlight.add(one);
      }
    };
    this.sendDue();
    this.cancel = clock.every(tickMs, this.sendDue);
  }

  /** Resolves when every request that is in flight now has its answer. */
  async answered(): Promise<void> {
    await Promise.all(this.inFlight);
  }

  /** Number of requests in flight. */
  get unanswered(): number {
    return this.inFlight.size;
  }

  /** Number of acknowledged writes so far. */
  get acknowledged(): number {
    return this.ledger.acknowledged;
  }

  /** Sends the requests that are due now, then no more. Resolves when every request has its answer. */
  async stop(): Promise<void> {
    this.sendDue();
    this.sendDue = () => undefined;
    this.cancel?.();
    await Promise.all(this.inFlight);
  }

  /** Reads every acknowledged write back. */
  checkWrites(): Promise<WriteCheck> {
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
    const check = checkAnswer(operation, answer, expected, entry);
    if (check.kind === "ok") {
      if (operation === "create" && check.task) this.ledger.created(check.task);
      if (operation === "patch" && check.task) this.ledger.acknowledge(check.task.id, check.task);
      if (operation === "delete" && entry) this.ledger.acknowledge(entry.id, "deleted");
    }
    // After a refused or failed write, the task stays marked as being written: the write may have happened nevertheless.
    this.options.onRequest?.({
      at,
      operation,
      version: answer.kind === "response" ? answer.version : undefined,
      status: answer.kind === "response" ? answer.status : undefined,
      failure: check.kind === "failed" ? check.reason : undefined,
      refused: check.kind === "refused",
      exchange: check.kind === "ok" ? undefined : exchangeOf(call, answer),
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
