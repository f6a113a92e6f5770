import { createServer, type RequestListener, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { Problem, PROBLEM_TYPE, problemBody } from "./problem";
import { RELEASE_VERSION_HEADER } from "./requests";

/** Time limits of the server, in milliseconds. */
export interface ServerLimits {
  /** For the headers of one request. */
  readonly headersTimeout: number;
  /** For one whole request. */
  readonly requestTimeout: number;
  /** How long an idle connection is kept. */
  readonly keepAliveTimeout: number;
  /** How often the first two are looked at. */
  readonly connectionsCheckingInterval: number;
}

/**
 * A load balancer reuses its connections, and closes idle ones after 60 seconds (an ALB's default). We must be the more
 * patient side: whoever closes first may do so just as the other sends a request.
 */
export const DEFAULT_LIMITS: ServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
};

/** Statuses for what Node's HTTP parser refuses before there is a request. */
const PARSER_STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function answerRaw(socket: Duplex, problem: Problem, releaseVersion: string): void {
  const body = problemBody(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.message}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${RELEASE_VERSION_HEADER}: ${releaseVersion}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** An HTTP server with limits, whose answers to unreadable requests are problems too. It does not listen yet. */
export function createHttpServer(
  listener: RequestListener,
  options: { readonly releaseVersion: string; readonly limits?: ServerLimits },
): Server {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const server = createServer({ ...limits }, listener);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    answerRaw(socket, new Problem(PARSER_STATUSES[error.code ?? ""] ?? 400), options.releaseVersion);
  });
  return server;
}
