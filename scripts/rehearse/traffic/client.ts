import { Agent, request, type IncomingHttpHeaders } from "node:http";
import type { TrafficAnswer, TrafficRequest } from "../traffic-module";

/** Request timeout in wall milliseconds: much longer than any fault or busy machine delays an answer. */
const TIMEOUT_MS = 30_000;
/** Maximum number of open connections; further requests wait for a free one. */
const MAX_CONNECTIONS = 128;

/** An HTTP client for one service, with keep-alive connections. */
export class ServiceClient {
  private readonly agent: Agent;

  /**
   * @param baseUrl e.g. http://127.0.0.1:40123
   * @param idleMs wall milliseconds after which an idle connection is closed. It must be shorter than the load balancer's
   *   idle timeout: otherwise a request may be sent on a connection that the load balancer is closing.
   * @param host the Host of requests that have none of their own; default: that of the base URL
   */
  constructor(
    private readonly baseUrl: string,
    idleMs: number,
    private readonly host?: string,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS, timeout: Math.max(1, Math.floor(idleMs)) });
  }

  /**
   * Sends a request. Never rejects: a network error is returned as a `broken` answer.
   */
  readonly send = (planned: Omit<TrafficRequest, "name">): Promise<TrafficAnswer> =>
    new Promise((resolve) => {
      const broken = (error: NodeJS.ErrnoException) => resolve({ kind: "broken", reason: error.code ?? error.message });
      const { payload, headers } = contentOf(planned, this.host);
      const outgoing = request(
        // Not by `new URL(path, base)`: a path that begins with two slashes would name another host.
        new URL(`${this.baseUrl}${planned.path}`),
        {
          method: planned.method,
          agent: this.agent,
          // The agent's timeout applies only to idle connections.
          timeout: TIMEOUT_MS,
          headers,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", broken);
          response.once("end", () =>
            resolve({
              kind: "response",
              status: response.statusCode ?? 0,
              headers: joined(response.headers),
              body: Buffer.concat(chunks).toString("utf8"),
            }),
          );
        },
      );
      outgoing.once("timeout", () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      outgoing.once("error", broken);
      outgoing.end(payload);
    });

  /** Closes all connections. */
  close(): void {
    this.agent.destroy();
  }
}

/** The body as text, and the headers that describe it and name the host beside the request's own. */
function contentOf(
  { body, headers: own = {} }: Omit<TrafficRequest, "name">,
  host: string | undefined,
): { readonly payload: string | undefined; readonly headers: Record<string, string | number> } {
  const hasHost = Object.keys(own).some((name) => name.toLowerCase() === "host");
  const headers = { ...(host !== undefined && !hasHost && { host }), ...own };
  if (body === undefined) return { payload: undefined, headers: { ...headers } };
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  return {
    payload,
    headers: {
      ...headers,
      ...(typeof body !== "string" && !hasType && { "content-type": "application/json" }),
      "content-length": Buffer.byteLength(payload),
    },
  };
}

function joined(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
