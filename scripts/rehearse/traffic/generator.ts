import type { Cancel, Clock } from "../../cloud/clock";
import type { ErrorCause } from "../../cloud/faults";
import { responseTimeMs } from "../../cloud/load-balancer/response-time";
import type { Traffic, TrafficAnswer, TrafficRequest, WriteCheck } from "../traffic-module";
import type { AnsweringVersions } from "./answering-version";
import type { ServiceClient } from "./client";
import { requestsDue } from "./pace";

/** A request and its answer, as text. */
export interface ExchangeText {
  /** e.g. `GET /orders?limit=20` */
  readonly request: string;
  /** The status and the beginning of the body, e.g. `404 Not Found`; or why there was no answer. */
  readonly answer: string;
}

/** A request with the judgement of its answer. */
export interface RequestRecord {
  /** When it was due: simulated milliseconds since the Unix epoch. */
  readonly at: number;
  /**
   * When it arrived at the load balancer, which then chose the version: later than when it was due, on a busy machine. Undefined
   * when no answer came.
   */
  readonly arrivedAt: number | undefined;
  /** The name of the request. */
  readonly name: string;
  /** The version that answered; undefined when the load balancer answered itself, or no answer came. */
  readonly version: string | undefined;
  /** HTTP status; undefined when no complete answer came. */
  readonly status: number | undefined;
  /** Why the request failed; undefined when it did not. */
  readonly failure: string | undefined;
  /** What made the answer, when it is an error that the local cloud plays. The fault of version 1 is the live fault. */
  readonly played: ErrorCause | "live-fault" | undefined;
  /** Whether the service refused the request by its rules, e.g. a conditional write (412). */
  readonly refused: boolean;
  /** Undefined when the answer was right. */
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

/** What a generator works with. */
export interface GeneratorOptions {
  readonly traffic: Traffic;
  readonly clock: Clock;
  readonly client: Pick<ServiceClient, "send">;
  /** Requests per simulated second, greater than 0. */
  readonly requestsPerSecond: number;
  /** The first milliseconds of a response, in wall time, which are not multiplied by the speed (settings.ts of the cloud). */
  readonly realResponseMs: number;
  /** Path of the service's health check, which warms it up when the traffic has no request for that. */
  readonly healthPath: string;
  readonly versions: Pick<AnsweringVersions, "begin" | "end">;
  readonly onRequest?: (record: RequestRecord) => void;
}

/** Sends the requests of a traffic at a constant rate by the cloud's clock (open-loop load), and records the answers. */
export class TrafficGenerator {
  /** Rejects when the traffic throws: the rehearsal then says nothing about the release. Never resolves. */
  readonly broken: Promise<never>;
  private fail: (error: unknown) => void = () => undefined;
  private readonly inFlight = new Set<Promise<void>>();
  /** The requests that have been sent and have no answer yet. */
  private readonly waiting = new Set<{ readonly at: number; readonly request: string }>();
  private cancel: Cancel | undefined;
  private sendDue: () => void = () => undefined;
  private sent = 0;

  constructor(private readonly options: GeneratorOptions) {
    this.broken = new Promise<never>((_, reject) => (this.fail = reject));
    this.broken.catch(() => undefined); // Callers may ignore it.
  }

  /**
   * Sends some requests one after the other and ignores their results. The first requests of a new process are slow in
   * wall time; on a fast clock, the service would look slow. Ends early when several requests fail in a row, because
   * each request to a service that hangs takes until the timeout.
   */
  async warmUp(): Promise<void> {
    const { traffic, client, healthPath } = this.options;
    for (let sent = 0, bad = 0; sent < WARM_UP_REQUESTS && bad < WARM_UP_FAILURES; sent += 1) {
      const answer = await client.send(traffic.warmUp?.() ?? { method: "GET", path: healthPath });
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
        const one = this.request(at)
          .catch((error: unknown) => this.breakOff(error))
          .finally(() => this.inFlight.delete(one));
        this.inFlight.add(one);
      }
    };
    this.sendDue();
    this.cancel = clock.every(tickMs, () => this.sendDue());
  }

  /** Resolves when every request that is in flight now has its answer. */
  async answered(): Promise<void> {
    await Promise.all(this.inFlight);
  }

  /** The requests without an answer that were due before a moment: `GET /orders?limit=20` for example; oldest first. */
  unanswered(before: number): readonly string[] {
    return [...this.waiting].filter(({ at }) => at < before).map(({ request }) => request);
  }

  /** Sends the requests that are due now, then no more. Resolves when every request has its answer. */
  async stop(): Promise<void> {
    this.sendDue();
    this.sendNoMore();
    await Promise.all(this.inFlight);
  }

  /** Reads every acknowledged write back; undefined when the traffic has no check. */
  async checkWrites(): Promise<WriteCheck | undefined> {
    return this.options.traffic.checkWrites?.((request) => this.options.client.send(request));
  }

  /** The writes of a rehearsal that was aborted; undefined when the traffic has no check. */
  uncheckedWrites(unreadable: string): WriteCheck | undefined {
    const { traffic } = this.options;
    if (traffic.checkWrites === undefined) return undefined;
    return { acknowledged: traffic.acknowledgedWrites ?? 0, lost: null, unreadable };
  }

  private sendNoMore(): void {
    this.sendDue = () => undefined;
    this.cancel?.();
  }

  private breakOff(error: unknown): void {
    this.sendNoMore();
    this.fail(error);
  }

  private async request(at: number): Promise<void> {
    const { traffic, clock, client, realResponseMs, versions, onRequest } = this.options;
    const planned = traffic.next();
    const { request } = planned;
    const trace = versions.begin();
    const traced = { ...request, headers: { ...request.headers, ...trace.headers } };
    const done = clock.work();
    const waiting = { at, request: requestText(request) };
    this.waiting.add(waiting);
    const answer = await client.send(traced).finally(() => {
      done();
      this.waiting.delete(waiting);
    });
    const { targetError, ...answered } = versions.end(trace);
    const latencyMs = responseTimeMs(clock.now() - at, clock.speed, realResponseMs);
    const judgement = planned.judge(answer);
    onRequest?.({
      at,
      ...answered,
      name: request.name,
      status: answer.kind === "response" ? answer.status : undefined,
      failure: judgement.kind === "failed" ? judgement.reason : undefined,
      refused: judgement.kind === "refused",
      exchange: judgement.kind === "ok" ? undefined : exchangeOf(request, answer, targetError),
      latencyMs,
    });
  }
}

function exchangeOf(planned: TrafficRequest, answer: TrafficAnswer, targetError: string | undefined): ExchangeText {
  const request = requestText(planned);
  if (answer.kind === "broken") return { request, answer: answer.reason };
  if (targetError !== undefined) return { request, answer: `${answer.status}: ${targetError}` };
  const body = answer.body.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const shown = body.length > SHOWN_CHARACTERS ? `${body.slice(0, SHOWN_CHARACTERS)}…` : body;
  return { request, answer: shown === "" ? String(answer.status) : `${answer.status} ${shown}` };
}

function requestText({ method, path }: TrafficRequest): string {
  return `${method} ${path}`;
}
