import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Interval of the polls for new connections and requests while draining, in milliseconds. */
const POLL_INTERVAL_MS = 5;
/** The server stops listening after this number of polls without a new connection or request. */
const QUIET_POLLS = 5;

/** A request and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The state of one connection. */
interface Connection {
  /** Number of requests without a complete response. */
  pending: number;
  /** The newest request; undefined when there was none. */
  newest: Exchange | undefined;
  /** Bytes read until the end of the newest request. Later bytes belong to a request with an incomplete header. */
  bytesReadBefore: number;
  /** The connection accepts no further request. */
  closing: boolean;
  /** The value of `newest` when `abortStalled` last found a partly received request; "nothing" when there was none. */
  stalledAfter: Exchange | "nothing" | undefined;
}

/** Tracks the connections of a server, and closes them without interrupting requests. */
export class Connections {
  private readonly open = new Map<Socket, Connection>();
  private draining = false;
  /** Total number of connections and requests. */
  private arrivals = 0;

  /**
   * Must be called before the server listens.
   * @param graceMs milliseconds that a client has to complete a request, or to close its side, while we close a connection
   * @param onStalled called while draining, when a partly received request makes no progress
   */
  constructor(
    private readonly server: Server,
    private readonly graceMs: number,
    private readonly onStalled: (socket: Socket) => void,
  ) {
    server.on("connection", (socket: Socket) => {
      this.arrivals += 1;
      this.open.set(socket, {
        pending: 0,
        newest: undefined,
        bytesReadBefore: 0,
        closing: false,
        stalledAfter: undefined,
      });
      socket.once("close", () => this.open.delete(socket));
      // A load balancer opens connections in advance. An unused one must stay open as long as a used one.
      socket.setTimeout(server.keepAliveTimeout);
    });
  }

  /** Tracks a request until its response is complete. Gives false when its connection accepts no further request. */
  track(exchange: Exchange): boolean {
    const { request, response } = exchange;
    const { socket } = request;
    const connection = this.open.get(socket);
    if (!connection || connection.closing) return false;
    this.arrivals += 1;
    if (!connection.newest) socket.setTimeout(0);
    connection.newest = exchange;
    connection.pending += 1;
    response.on("close", () => this.requestDone(request, connection));
    return true;
  }

  /** Number of requests without a complete response. */
  requestsInFlight(): number {
    return [...this.open.values()].reduce((sum, { pending }) => sum + pending, 0);
  }

  /** Number of requests of this connection without a complete response. */
  pending(socket: Socket): number {
    return this.open.get(socket)?.pending ?? 0;
  }

  /** The request whose body is not complete; undefined when there is none. */
  incomplete(socket: Socket): Exchange | undefined {
    const newest = this.open.get(socket)?.newest;
    return newest && !newest.request.complete ? newest : undefined;
  }

  /** Whether this connection accepts no further request. */
  isClosing(socket: Socket): boolean {
    return this.open.get(socket)?.closing ?? true;
  }

  /** Closes our side of a connection when its responses are complete. The client then has `graceMs` to close its side. */
  end(socket: Socket): void {
    const connection = this.open.get(socket);
    if (!connection) return;
    connection.closing = true;
    if (connection.pending > 0 || socket.writableEnded) return;
    socket.end();
    // Destroying a socket with unread data resets the connection, and the client might lose our last response.
    const timer = setTimeout(() => socket.destroy(), this.graceMs);
    socket.once("close", () => clearTimeout(timer));
  }

  /**
   * Closes every connection when its responses are complete. The server continues to listen until there are no requests in flight,
   * and no new connections or requests for some polls: health checks still arrive, and Node accepts waiting connections one by
   * one. Resolves when the last connection is closed.
   * @param maxMs longest time that it continues to listen, in milliseconds
   */
  async drain(maxMs: number): Promise<void> {
    this.draining = true;
    const timer = setInterval(() => this.abortStalled(), this.graceMs);
    const until = performance.now() + maxMs;
    let quietPolls = 0;
    while ((quietPolls < QUIET_POLLS || this.requestsInFlight() > 0) && performance.now() < until) {
      const before = this.arrivals;
      await delay(POLL_INTERVAL_MS);
      quietPolls = this.arrivals === before ? quietPolls + 1 : 0;
      if (quietPolls === QUIET_POLLS) this.endIdle();
    }
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.endIdle();
    await closed;
    clearInterval(timer);
  }

  private requestDone(request: IncomingMessage, connection: Connection): void {
    const { socket } = request;
    connection.pending -= 1;
    connection.bytesReadBefore = socket.bytesRead;
    // The response came before the end of the body. The rest of the body is not a new request.
    if (!request.complete) request.once("close", () => (connection.bytesReadBefore = socket.bytesRead));
    if (connection.closing || this.draining) this.end(socket);
  }

  /** Whether a request is partly received and has no response yet. */
  private isPartlyReceived(socket: Socket, { pending, newest, bytesReadBefore }: Connection): boolean {
    const isBodyIncomplete = newest !== undefined && !newest.request.complete;
    return isBodyIncomplete ? pending > 0 : pending === 0 && socket.bytesRead > bytesReadBefore;
  }

  private endIdle(): void {
    for (const [socket, connection] of this.open) {
      if (connection.pending === 0 && !this.isPartlyReceived(socket, connection)) this.end(socket);
    }
  }

  /** Aborts every partly received request that has made no progress since the last call. */
  private abortStalled(): void {
    for (const [socket, connection] of this.open) {
      const stalledAfter = this.isPartlyReceived(socket, connection) ? (connection.newest ?? "nothing") : undefined;
      if (stalledAfter && stalledAfter === connection.stalledAfter) this.onStalled(socket);
      connection.stalledAfter = stalledAfter;
    }
  }
}
