import { Agent, request } from "node:http";
import type { ServiceAnswer } from "./answer-check";

/** Request timeout in wall milliseconds: much longer than any fault or busy machine delays an answer. */
const TIMEOUT_MS = 30_000;
/** Maximum number of open connections; further requests wait for a free one. */
const MAX_CONNECTIONS = 128;

/** A request to the service. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP client for one service, with keep-alive connections. */
export class ServiceClient {
  private readonly agent: Agent;

  /**
   * @param baseUrl e.g. http://127.0.0.1:40123
   * @param idleMs wall milliseconds after which an idle connection is closed. It must be shorter than the load balancer's
   *   idle timeout: otherwise a request may be sent on a connection that the load balancer is closing.
   */
  constructor(
    private readonly baseUrl: string,
    idleMs: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS, timeout: Math.max(1, Math.floor(idleMs)) });
  }

  /** Sends a request. Never rejects: a network error is returned as a `broken` answer. */
  send(call: Call): Promise<ServiceAnswer> {
    return new Promise((resolve) => {
      const broken = (error: NodeJS.ErrnoException) => resolve({ kind: "broken", reason: error.code ?? error.message });
      const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
      const outgoing = request(
        new URL(call.path, this.baseUrl),
        {
          method: call.method,
          agent: this.agent,
          // The agent's timeout applies only to idle connections.
          timeout: TIMEOUT_MS,
          headers: {
            ...call.headers,
            ...(payload !== undefined && {
              "content-type": "application/json",
              "content-length": Buffer.byteLength(payload),
            }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", broken);
          response.once("end", () => {
            const version = response.headers["x-release-version"];
            resolve({
              kind: "response",
              status: response.statusCode ?? 0,
              version: typeof version === "string" ? version : undefined,
              body: Buffer.concat(chunks).toString("utf8"),
            });
          });
        },
      );
      outgoing.once("timeout", () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      outgoing.once("error", broken);
      outgoing.end(payload);
    });
  }

  /** Closes all connections. */
  close(): void {
    this.agent.destroy();
  }
}
