import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** One turn of waiting for what was sent to us but not yet read, in milliseconds. */
const TURN_MS = 5;
/** After so many turns without a new connection or request there is nothing on its way. */
const STILL_TURNS = 5;

/** A request and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** One connection. */
interface Connection {
  /** Requests that are not yet answered. */
  pending: number;
  /** The newest request; undefined: there was none. */
  newest: Exchange | undefined;
  /** Bytes read when the newest request was over: whatever came later belongs to one whose header is not complete. */
  readWhenOver: number;
  /** Takes no further request. */
  closing: boolean;
  /** What `newest` was when a request was last found to have come in part. */
  partAfter: Exchange | "nothing" | undefined;
}

/** Knows the connections of a server, and ends them without breaking off what is under way. */
export class Connections {
  private readonly open = new Map<Socket, Connection>();
  private draining = false;
  /** Connections and requests so far. */
  private arrivals = 0;

  /**
   * Must be called before the server listens.
   * @param graceMs what the other side gets to complete a request or to close, once we want to close
   * @param onTooSlow called while draining, for a request that came in part and then no further
   */
  constructor(
    private readonly server: Server,
    private readonly graceMs: number,
    private readonly onTooSlow: (socket: Socket) => void,
  ) {
    server.on("connection", (socket: Socket) => {
      this.arrivals += 1;
      this.open.set(socket, { pending: 0, newest: undefined, readWhenOver: 0, closing: false, partAfter: undefined });
      socket.once("close", () => this.open.delete(socket));
      // A load balancer keeps connections in stock: one that was never used stays as long as one that was.
      socket.setTimeout(server.keepAliveTimeout);
    });
  }

  /** Counts a request in until it is answered. False: its connection takes no further request. */
  take(exchange: Exchange): boolean {
    const { request, response } = exchange;
    const { socket } = request;
    const connection = this.open.get(socket);
    if (!connection || connection.closing) return false;
    this.arrivals += 1;
    if (!connection.newest) socket.setTimeout(0);
    connection.newest = exchange;
    connection.pending += 1;
    response.on("close", () => this.countOut(request, connection));
    return true;
  }

  /** Requests that are not yet answered. */
  requestsInFlight(): number {
    return [...this.open.values()].reduce((sum, { pending }) => sum + pending, 0);
  }

  /** Requests of this connection that are not yet answered. */
  pending(socket: Socket): number {
    return this.open.get(socket)?.pending ?? 0;
  }

  /** The request whose body is still to come. */
  incomplete(socket: Socket): Exchange | undefined {
    const newest = this.open.get(socket)?.newest;
    return newest && !newest.request.complete ? newest : undefined;
  }

  /** True when this connection takes no further request. */
  isClosing(socket: Socket): boolean {
    return this.open.get(socket)?.closing ?? true;
  }

  /** Ends our side of a connection when its requests are answered; the other side then has a moment to end its own. */
  end(socket: Socket): void {
    const connection = this.open.get(socket);
    if (!connection) return;
    connection.closing = true;
    if (connection.pending > 0 || socket.writableEnded) return;
    socket.end();
    // Not at once: a connection with something unread would be reset, and the client might lose our last answer.
    const timer = setTimeout(() => socket.destroy(), this.graceMs);
    socket.once("close", () => clearTimeout(timer));
  }

  /**
   * Ends every connection when its requests are answered. The server goes on listening (health is asked for, and the
   * event loop takes in one waiting connection a turn) until none is in flight and nothing new has come for some turns.
   * Resolves when the last connection is closed.
   * @param mostMs listens no longer than this
   */
  async drain(mostMs: number): Promise<void> {
    this.draining = true;
    const hurry = setInterval(() => this.hurry(), this.graceMs);
    const until = performance.now() + mostMs;
    let still = 0;
    while ((still < STILL_TURNS || this.requestsInFlight() > 0) && performance.now() < until) {
      const before = this.arrivals;
      await delay(TURN_MS);
      still = this.arrivals === before ? still + 1 : 0;
      if (still === STILL_TURNS) this.endIdle();
    }
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.endIdle();
    await closed;
    clearInterval(hurry);
  }

  private countOut(request: IncomingMessage, connection: Connection): void {
    const { socket } = request;
    connection.pending -= 1;
    connection.readWhenOver = socket.bytesRead;
    // It was answered early: the rest of its body is no request.
    if (!request.complete) request.once("close", () => (connection.readWhenOver = socket.bytesRead));
    if (connection.closing || this.draining) this.end(socket);
  }

  /** True when a request has come in part, and its answer is still ours to give. */
  private cameInPart(socket: Socket, { pending, newest, readWhenOver }: Connection): boolean {
    const bodyIsToCome = newest !== undefined && !newest.request.complete;
    return bodyIsToCome ? pending > 0 : pending === 0 && socket.bytesRead > readWhenOver;
  }

  private endIdle(): void {
    for (const [socket, connection] of this.open) {
      if (connection.pending === 0 && !this.cameInPart(socket, connection)) this.end(socket);
    }
  }

  /** Gives up on every request that had come in part when this was called last, and still has. */
  private hurry(): void {
    for (const [socket, connection] of this.open) {
      const partAfter = this.cameInPart(socket, connection) ? (connection.newest ?? "nothing") : undefined;
      if (partAfter && partAfter === connection.partAfter) this.onTooSlow(socket);
      connection.partAfter = partAfter;
    }
  }
}
