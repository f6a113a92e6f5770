import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Knows which connections of a server have no request under way. Node's closeIdleConnections leaves out those that
 * have never sent one, and a load balancer keeps such connections in stock.
 */
export class Connections {
  private readonly inFlight = new Map<Socket, number>();
  private closing = false;

  /** Must be called before the server listens. */
  constructor(server: Server) {
    server.on("connection", (socket: Socket) => {
      this.inFlight.set(socket, 0);
      socket.once("close", () => this.inFlight.delete(socket));
    });
    server.on("request", ({ socket }, response) => {
      this.inFlight.set(socket, (this.inFlight.get(socket) ?? 0) + 1);
      response.once("close", () => {
        const left = (this.inFlight.get(socket) ?? 1) - 1;
        if (this.inFlight.has(socket)) this.inFlight.set(socket, left);
        if (this.closing && left === 0) socket.end();
      });
    });
  }

  /** Requests that are not yet answered. */
  requestsInFlight(): number {
    return [...this.inFlight.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Ends the connections without a request now, the others when theirs are answered. */
  closeWhenIdle(): void {
    this.closing = true;
    for (const [socket, count] of this.inFlight) if (count === 0) socket.end();
  }
}
