import http, { type Agent, type ClientRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Cancel, Clock } from "../clock";
import type { ErrorCause, FaultEffect } from "../faults";
import type { Subject } from "../subject";
import { sendErrorResponse } from "./error-response";
import { hasBody, requestHeaders, responseHeaders, type Trace } from "./headers";
import type { Answer, Target } from "./part";
import type { TargetGroupPublisher } from "./publisher";
import { responseTimeMs, wallTimeMs } from "./response-time";

/** Largest header block that is accepted from clients and targets, in bytes. It is ALB's limit for requests. */
export const MAX_HEADER_BYTES = 65_536;

/**
 * ALB's code for a client that closed the connection before there was a response. Only logs and metrics show it.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
 */
const CLIENT_CLOSED = 460;

/** The bodies of errors that are played in place of the target's answer, by their causes. */
const ERROR_BODIES: Readonly<Record<ErrorCause, string>> = {
  fault: "Internal Server Error: a fault of this version, which the local cloud plays.\n",
  background: "Internal Server Error: a background error of every version, which the local cloud plays.\n",
};

/** The response time of such an answer, in simulated seconds: a target needs some time for an error, too. */
const FAULT_RESPONSE_SECONDS = 0.001;

const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** A finished request. */
export interface RequestEvent {
  /** Arrival, simulated milliseconds since the Unix epoch. */
  readonly at: number;
  readonly listenerArn: string;
  /** Absent when no target group was chosen. */
  readonly targetGroupArn?: string;
  readonly status: number;
  /** From arrival to the last byte, simulated milliseconds. */
  readonly durationMs: number;
  /** Whether the target or the load balancer itself made the response. */
  readonly source: "target" | "load-balancer";
}

/** Dependencies that all exchanges of a load balancer share. */
export interface ExchangeTools {
  readonly clock: Clock;
  /** Wall milliseconds at the start of a response that the clock's speed does not multiply (response-time.ts). */
  readonly realResponseMs: number;
  /** Notified of each request when it is over. */
  readonly requests: Subject<RequestEvent>;
  /** Notified of each answer, before the client can get it. */
  readonly answers: Subject<Answer>;
}

/** The listener that received a request, and the target that was chosen for it. */
export interface ExchangeRoute {
  readonly listenerArn: string;
  /** The port that clients of the listener connect to. */
  readonly listenerPort: string;
  readonly targetGroupArn: string;
  readonly publisher: TargetGroupPublisher;
  readonly target: Target;
  /** The effect of the target's fault on the request. */
  readonly effect: FaultEffect;
  readonly trace: Trace;
  readonly agent: Agent;
  /** Called once, when the exchange is over. */
  readonly onEnd: (exchange: Exchange) => void;
}

/** One request and its response, between a client and a target. */
export class Exchange {
  private readonly arrivedAt: number;
  private readonly withBody: boolean;
  private forwardedAt: number;
  /** Ends the wait of a slow answer; undefined when there is none. */
  private cancelWait: Cancel | undefined;
  /** Ends the registered work of this machine, which a wait on purpose is not. */
  private endWork: () => void = () => undefined;
  private upstream: ClientRequest | undefined;
  private outcome: { readonly status: number; readonly source: RequestEvent["source"] } | undefined;
  private retried = false;
  private bytesMoved = -1;
  private movedAt: number;

  constructor(
    private readonly tools: ExchangeTools,
    private readonly route: ExchangeRoute,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    this.arrivedAt = tools.clock.now();
    this.movedAt = this.forwardedAt = this.arrivedAt;
    this.withBody = hasBody(request);
  }

  /** Forwards the request, or plays the fault of its target. */
  start(): void {
    const { effect, publisher, agent } = this.route;
    publisher.request();
    this.work();
    this.response.on("close", () => this.closed());
    // Writing fails when the client has gone. The `close` event follows and handles that.
    this.response.on("error", () => undefined);
    if (effect.kind === "none") this.forward(agent);
    else if (effect.kind === "error") this.playError(effect.cause);
    else this.forwardLater(effect.seconds, agent);
  }

  /**
   * Ends the exchange when no byte has moved for `idleMs` of simulated time: with 504, or with 408 when the client
   * stalls.
   */
  expire(now: number, idleMs: number): void {
    const bytesMoved = bytesOf(this.request.socket) + bytesOf(this.upstream?.socket);
    if (bytesMoved !== this.bytesMoved) {
      this.bytesMoved = bytesMoved;
      this.movedAt = now;
    } else if (now - this.movedAt >= idleMs) {
      const isConnecting = this.upstream?.socket?.connecting === true;
      if (isConnecting) this.route.publisher.connectionError();
      if (this.request.complete || this.cancelWait) this.giveUp(504, idleWords(isConnecting, now - this.movedAt));
      else this.giveUp(408);
    }
  }

  /** Ends the exchange with 502 because its target is removed: the deregistration delay has passed. */
  cutOff(): void {
    this.giveUp(502, "the target was removed");
  }

  /** Forwards the request so late that its response time counts as `seconds` more (response-time.ts). */
  private forwardLater(seconds: number, agent: Agent): void {
    const { clock, realResponseMs } = this.tools;
    this.endWork();
    this.cancelWait = clock.after(wallTimeMs(seconds * 1_000, clock.speed, realResponseMs) * clock.speed, () => {
      this.cancelWait = undefined;
      this.work();
      this.forward(agent);
    });
  }

  /** Sends an error that counts as the target's. */
  private playError(cause: ErrorCause): void {
    this.route.publisher.response(500, FAULT_RESPONSE_SECONDS);
    this.answered(500, "target", { played: cause });
    const body = ERROR_BODIES[cause];
    const headers = { "content-type": "text/plain", "content-length": Buffer.byteLength(body) };
    this.response.writeHead(500, headers).end(body);
  }

  private forward(agent: Agent | false): void {
    const { request, route } = this;
    let upstream: ClientRequest;
    try {
      upstream = http.request({
        agent,
        host: route.target.address.host,
        port: route.target.address.port,
        method: request.method,
        path: request.url,
        headers: requestHeaders(request, route.listenerPort, route.trace),
        maxHeaderSize: MAX_HEADER_BYTES,
      });
    } catch {
      // Node refuses to send some requests that its parser accepts, for example with a space in the path.
      this.giveUp(400);
      return;
    }
    this.upstream = upstream;
    upstream.on("response", (incoming) => this.respond(incoming));
    // The target must not switch protocols: the Upgrade header was not forwarded.
    upstream.on("upgrade", () => this.giveUp(502, "the target switched protocols"));
    upstream.on("error", (error: NodeJS.ErrnoException) => this.failed(upstream, error));
    if (this.withBody) request.pipe(upstream);
    else upstream.end();
  }

  private respond(incoming: IncomingMessage): void {
    const { response } = this;
    const status = incoming.statusCode ?? 502;
    // Node accepts an array of names and values here, as in rawHeaders; its types only know an object.
    const headers: unknown = responseHeaders(incoming);
    try {
      response.writeHead(status, incoming.statusMessage ?? "", headers as http.OutgoingHttpHeader[]);
    } catch {
      // Node refuses to send some responses that its parser accepts, for example with a status below 100.
      this.giveUp(502, `the target's response has the status ${status}, or a header that HTTP does not allow`);
      return;
    }
    const { clock, realResponseMs } = this.tools;
    const tookMs = responseTimeMs(clock.now() - this.forwardedAt, clock.speed, realResponseMs);
    this.route.publisher.response(status, tookMs / 1_000);
    this.answered(status, "target");
    incoming.on("error", () => response.destroy());
    incoming.pipe(response);
    // Usually the first part of the body has arrived too and is sent with the headers. Otherwise the headers go first.
    setImmediate(() => {
      if (!incoming.readableDidRead && !incoming.complete && !response.destroyed) response.flushHeaders();
    });
  }

  private failed(upstream: ClientRequest, error: NodeJS.ErrnoException): void {
    // With a response under way, or without a client, the streams' own handlers end the exchange.
    if (this.outcome || this.response.destroyed || upstream !== this.upstream) return;
    if (error.syscall === "connect") {
      this.route.publisher.connectionError();
    } else if (this.mayRetry(upstream, error)) {
      this.retried = true;
      this.forwardedAt = this.tools.clock.now();
      this.forward(false);
      return;
    }
    this.giveUp(502, errorWords(error, upstream.reusedSocket));
  }

  /**
   * ALB does not send a request twice. But a target may close an idle connection at the moment at which it is used
   * again. Without a retry that would be a 502 which AWS would not show. RFC 9112, 9.3.1
   * (https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1) allows a proxy to retry an idempotent request in this case.
   */
  private mayRetry(upstream: ClientRequest, error: NodeJS.ErrnoException): boolean {
    return (
      upstream.reusedSocket &&
      !this.retried &&
      !this.withBody &&
      IDEMPOTENT.has(this.request.method ?? "") &&
      (error.code === "ECONNRESET" || error.code === "EPIPE")
    );
  }

  /**
   * Sends an error response in place of the target's, or aborts a response that has begun.
   * @param targetError what the target did wrong
   */
  private giveUp(status: number, targetError?: string): void {
    const { request, response, upstream } = this;
    this.endWait();
    if (this.outcome) {
      response.destroy();
    } else if (!response.destroyed) {
      this.answered(status, "load-balancer", { targetError });
      this.route.publisher.loadBalancerResponse(status);
      request.unpipe();
      sendErrorResponse(response, status);
    }
    upstream?.destroy();
  }

  private answered(
    status: number,
    source: RequestEvent["source"],
    { played, targetError }: { readonly played?: ErrorCause; readonly targetError?: string | undefined } = {},
  ): void {
    const { target, trace, listenerArn } = this.route;
    this.outcome = { status, source };
    const task = target.task && { task: target.task };
    this.tools.answers.notify({
      traceId: trace.id,
      listenerArn,
      arrivedAt: this.arrivedAt,
      targetId: target.id,
      ...task,
      status,
      source,
      ...(targetError !== undefined && { targetError }),
      ...(played && { played }),
    });
  }

  private work(): void {
    this.endWork = this.tools.clock.work({ lasting: true });
  }

  private endWait(): void {
    this.cancelWait?.();
    this.cancelWait = undefined;
  }

  private closed(): void {
    const { request, response, route, tools } = this;
    this.endWait();
    this.endWork();
    // A target may respond before it has read the whole request. Its connection can't be used again then.
    if (!response.writableFinished || this.upstream?.writableEnded === false) this.upstream?.destroy();
    // The rest of the body is read and dropped, so that the connection can carry the next request.
    request.unpipe();
    request.resume();
    if (!this.outcome) {
      this.answered(CLIENT_CLOSED, "load-balancer");
      route.publisher.loadBalancerResponse(CLIENT_CLOSED);
    }
    route.onEnd(this);
    tools.requests.notify({
      at: this.arrivedAt,
      listenerArn: route.listenerArn,
      targetGroupArn: route.targetGroupArn,
      status: this.outcome?.status ?? CLIENT_CLOSED,
      durationMs: tools.clock.now() - this.arrivedAt,
      source: this.outcome?.source ?? "load-balancer",
    });
  }
}

/** Says why a target gave no answer within the idle timeout. */
function idleWords(isConnecting: boolean, idleMs: number): string {
  const seconds = `${Math.round(idleMs / 1_000)} s`;
  return isConnecting
    ? `the target accepted no connection for ${seconds}`
    : `the target sent nothing for ${seconds} on its connection`;
}

/** Says what was wrong with a connection to a target, with the code of Node's error. */
function errorWords({ syscall, code, message }: NodeJS.ErrnoException, wasReused: boolean): string {
  const name = code ?? message;
  if (syscall === "connect") return `no connection to the target (${name})`;
  if (name.startsWith("HPE_")) return `the target's response is not valid HTTP (${name})`;
  return wasReused
    ? `the target closed a connection that was kept open for the next request (${name})`
    : `the target closed the connection (${name})`;
}

function bytesOf(socket: { readonly bytesRead: number; readonly bytesWritten: number } | null | undefined): number {
  return socket ? socket.bytesRead + socket.bytesWritten : 0;
}
