import type { Server } from "node:http";
import type { Socket } from "node:net";

/** One connection: its requests that are not yet answered, and how far it had been read when there was none. */
interface Connection {
  requests: number;
  readWhenIdle: number;
}

/**
 * Knows which connections of a server have no request under way. Node's closeIdleConnections leaves out those that
 * have never sent one, and a load balancer keeps such connections in stock.
 */
export class Connections {
  private readonly open = new Map<Socket, Connection>();
  private closing = false;

  /** Must be called before the server listens. */
  constructor(server: Server) {
    server.on("connection", (socket: Socket) => {
      this.open.set(socket, { requests: 0, readWhenIdle: 0 });
      socket.once("close", () => this.open.delete(socket));
    });
    server.on("request", ({ socket }, response) => {
      const connection = this.open.get(socket);
      if (!connection) return;
      connection.requests += 1;
      response.once("close", () => {
        connection.requests -= 1;
        connection.readWhenIdle = socket.bytesRead;
        if (this.closing && connection.requests === 0) socket.end();
      });
    });
  }

  /** Requests that are not yet answered. */
  requestsInFlight(): number {
    return [...this.open.values()].reduce((sum, { requests }) => sum + requests, 0);
  }

  /** Ends the connections without a request now, the others when theirs (be it half read yet) are answered. */
  closeWhenIdle(): void {
    this.closing = true;
    for (const [socket, { requests, readWhenIdle }] of this.open) {
      if (requests === 0 && socket.bytesRead === readWhenIdle) socket.end();
    }
  }
}
