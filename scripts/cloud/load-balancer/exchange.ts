import http, { type Agent, type ClientRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Clock } from "../clock";
import type { Subject } from "../subject";
import { answer } from "./answer";
import { hasBody, requestHeaders, responseHeaders, type TraceIds } from "./headers";
import type { TargetGroupPublisher } from "./publisher";
import { responseTimeMs } from "./response-time";

/** Largest header block that is taken, from clients and from targets. ALB's limit, in bytes. */
export const MAX_HEADER_BYTES = 65_536;

/** The client closed the connection before there was a response: ALB's own code, seen only in logs and metrics. */
const CLIENT_CLOSED = 460;

const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** One finished request, as an observer of the load balancer sees it. */
export interface RequestEvent {
  /** Arrival, simulated milliseconds since the Unix epoch. */
  readonly at: number;
  readonly listenerArn: string;
  /** Absent when no target group was chosen. */
  readonly targetGroupArn?: string;
  readonly status: number;
  /** From arrival to the last byte, simulated milliseconds. */
  readonly durationMs: number;
  /** Who made the response. */
  readonly source: "target" | "load-balancer";
}

/** What all exchanges of a load balancer share. */
export interface ExchangeTools {
  readonly clock: Clock;
  /** Wall milliseconds of a response that count as they are. */
  readonly realResponseMs: number;
  readonly traceIds: TraceIds;
  /** Notified of each request when it is over. */
  readonly requests: Subject<RequestEvent>;
}

/** Where a request came in, and which target was chosen for it. */
export interface ExchangeRoute {
  readonly listenerArn: string;
  /** The port that clients of the listener connect to. */
  readonly listenerPort: string;
  readonly targetGroupArn: string;
  readonly publisher: TargetGroupPublisher;
  readonly address: { readonly host: string; readonly port: number };
  readonly agent: Agent;
  /** The exchange is over. */
  readonly onEnd: (exchange: Exchange) => void;
}

/** One request on its way through the load balancer: to one target, and the response back. */
export class Exchange {
  private readonly arrivedAt: number;
  private readonly withBody: boolean;
  private forwardedAt = 0;
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
    this.movedAt = this.arrivedAt;
    this.withBody = hasBody(request);
  }

  /** Forwards the request. */
  start(): void {
    this.route.publisher.request();
    this.response.on("close", () => this.closed());
    // Writing to a client that has gone is no error: `close` follows.
    this.response.on("error", () => undefined);
    this.forward(this.route.agent);
  }

  /** Ends an exchange on which nothing has moved for `idleMs` of simulated time: 504, or 408 when the client stalls. */
  expire(now: number, idleMs: number): void {
    const bytesMoved = bytesOf(this.request.socket) + bytesOf(this.upstream?.socket);
    if (bytesMoved !== this.bytesMoved) {
      this.bytesMoved = bytesMoved;
      this.movedAt = now;
    } else if (now - this.movedAt >= idleMs) {
      if (this.upstream?.socket?.connecting === true) this.route.publisher.connectionError();
      this.giveUp(this.request.complete ? 504 : 408);
    }
  }

  /** Ends the exchange because its target is gone (502): the deregistration delay has passed. */
  cutOff(): void {
    this.giveUp(502);
  }

  private forward(agent: Agent | false): void {
    const { request, route } = this;
    this.forwardedAt = this.tools.clock.now();
    let upstream: ClientRequest;
    try {
      upstream = http.request({
        agent,
        host: route.address.host,
        port: route.address.port,
        method: request.method,
        path: request.url,
        headers: requestHeaders(request, route.listenerPort, this.tools.traceIds),
        maxHeaderSize: MAX_HEADER_BYTES,
      });
    } catch {
      // Node refuses to send what its parser let through, e.g. a space in the path.
      this.giveUp(400);
      return;
    }
    this.upstream = upstream;
    upstream.on("response", (incoming) => this.respond(incoming));
    // Nobody asked the target to switch protocols: the header that would was taken out.
    upstream.on("upgrade", () => this.giveUp(502));
    upstream.on("error", (error: NodeJS.ErrnoException) => this.failed(upstream, error));
    if (this.withBody) request.pipe(upstream);
    else upstream.end();
  }

  private respond(incoming: IncomingMessage): void {
    const { response } = this;
    const status = incoming.statusCode ?? 502;
    // Node takes names and values in turn here, as in rawHeaders; its types know only pairs in an object.
    const headers: unknown = responseHeaders(incoming);
    try {
      response.writeHead(status, incoming.statusMessage ?? "", headers as http.OutgoingHttpHeader[]);
    } catch {
      // Node refuses to send what its parser let through, e.g. a status below 100 or a control character.
      this.giveUp(502);
      return;
    }
    const { clock, realResponseMs } = this.tools;
    const tookMs = responseTimeMs(clock.now() - this.forwardedAt, clock.speed, realResponseMs);
    this.route.publisher.response(status, tookMs / 1_000);
    this.outcome = { status, source: "target" };
    incoming.on("error", () => response.destroy());
    incoming.pipe(response);
    // The headers travel with the first of the body, which is usually here already; else they do not wait for it.
    setImmediate(() => {
      if (!incoming.readableDidRead && !incoming.complete && !response.destroyed) response.flushHeaders();
    });
  }

  private failed(upstream: ClientRequest, error: NodeJS.ErrnoException): void {
    // Once there is a response, or nobody to answer, the streams look after themselves.
    if (this.outcome || this.response.destroyed || upstream !== this.upstream) return;
    if (error.syscall === "connect") {
      this.route.publisher.connectionError();
    } else if (this.mayRetry(upstream, error)) {
      this.retried = true;
      this.forward(false);
      return;
    }
    this.giveUp(502);
  }

  /**
   * ALB does not send a request twice. But an idle connection that the target closes at the very moment it is used
   * again is no fault of the target, and would show as a false 502: RFC 9112, 9.3.1 lets a proxy send an idempotent
   * request again in this case, on a fresh connection.
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

  /** Answers in the target's place, or breaks off a response that has begun. */
  private giveUp(status: number): void {
    const { request, response, upstream } = this;
    if (this.outcome) {
      response.destroy();
    } else if (!response.destroyed) {
      this.outcome = { status, source: "load-balancer" };
      this.route.publisher.loadBalancerResponse(status);
      request.unpipe();
      answer(response, status);
    }
    upstream?.destroy();
  }

  private closed(): void {
    const { request, response, route, tools } = this;
    // A target may answer before it has heard everything; its connection is then of no further use.
    if (!response.writableFinished || this.upstream?.writableEnded === false) this.upstream?.destroy();
    // What is left of the body is read and thrown away, or the connection could not carry the next request.
    request.unpipe();
    request.resume();
    if (!this.outcome) {
      this.outcome = { status: CLIENT_CLOSED, source: "load-balancer" };
      route.publisher.loadBalancerResponse(CLIENT_CLOSED);
    }
    route.onEnd(this);
    tools.requests.notify({
      at: this.arrivedAt,
      listenerArn: route.listenerArn,
      targetGroupArn: route.targetGroupArn,
      status: this.outcome.status,
      durationMs: tools.clock.now() - this.arrivedAt,
      source: this.outcome.source,
    });
  }
}

function bytesOf(socket: { readonly bytesRead: number; readonly bytesWritten: number } | null | undefined): number {
  return socket ? socket.bytesRead + socket.bytesWritten : 0;
}
