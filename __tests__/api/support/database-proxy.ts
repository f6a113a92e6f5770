import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import type { Json } from "./running-service";

/** What the proxy does with a request once the database has answered it. */
type Fate = "answer" | "drop";

/** A proxy in front of the embedded database: every request is done; whether its answer gets through, a test decides. */
export class DatabaseProxy {
  /** What was done, e.g. PutItem, oldest first. */
  readonly done: { readonly operation: string; readonly input: Json }[] = [];
  /** Asked for every operation that was done, before its answer is sent; default: all are answered. */
  fate: (operation: string) => Fate | Promise<Fate> = () => "answer";

  private constructor(
    private readonly server: Server,
    private readonly database: EmbeddedDatabase,
  ) {}

  /** Starts it in front of a database, on a free port. */
  static async start(database: EmbeddedDatabase): Promise<DatabaseProxy> {
    const server = createServer();
    const proxy = new DatabaseProxy(server, database);
    server.on("request", (request, response) => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      void (async () => {
        const sent = await buffer(request);
        const answer = await fetch(database.endpoint, {
          method: "POST",
          headers: Object.entries(request.headers).flatMap(([name, value]) =>
            typeof value === "string" && !HOP_BY_HOP.has(name) ? [[name, value] as [string, string]] : [],
          ),
          body: sent,
        });
        const body = Buffer.from(await answer.arrayBuffer());
        proxy.done.push({ operation, input: JSON.parse(sent.toString()) as Json });
        if ((await proxy.fate(operation)) === "drop") {
          request.socket.destroy();
          return;
        }
        const crc = answer.headers.get("x-amz-crc32");
        response.writeHead(answer.status, {
          "content-type": "application/x-amz-json-1.0",
          ...(crc !== null && { "x-amz-crc32": crc }),
        });
        response.end(body);
      })();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  /** Where it listens. */
  get endpoint(): string {
    // A TCP server that listens has an address with a port.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What a client needs to reach the database through it. */
  get clientConfig(): EmbeddedDatabase["clientConfig"] {
    return { ...this.database.clientConfig, endpoint: this.endpoint };
  }

  /** Closes it, and leaves the database open. */
  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

const HOP_BY_HOP = new Set(["host", "connection", "content-length", "expect", "transfer-encoding", "keep-alive"]);
