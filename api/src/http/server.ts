import { createServer, type RequestListener, type Server } from "node:http";
import { Socket } from "node:net";
import type { Logger } from "pino";
import { Connections, type Exchange } from "./connections";
import { Problem, PROBLEM_TYPE, problemBody } from "./problem";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id";
import { RELEASE_VERSION_HEADER } from "./requests";

/** Time limits of the server, in milliseconds. */
export interface ServerLimits {
  /** Time to receive the headers of a request. */
  readonly headersTimeout: number;
  /** Time to receive a whole request. */
  readonly requestTimeout: number;
  /** Time that an idle connection stays open. */
  readonly keepAliveTimeout: number;
  /** Interval at which Node checks the first two limits. */
  readonly connectionsCheckingInterval: number;
}

/**
 * Limits behind an Application Load Balancer, which closes idle connections after 60 seconds by default
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html). We must keep them
 * open for longer: otherwise we might close a connection while the load balancer sends a request on it.
 */
export const DEFAULT_LIMITS: ServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
};

/** Node's error code for a request that was not received in time. */
const TOO_SLOW = "ERR_HTTP_REQUEST_TIMEOUT";

/** The response status for an error of Node's HTTP parser; undefined when the connection broke. */
function statusOf(code: string | undefined, inBody: boolean): number | undefined {
  // The client closed the connection.
  if (code === "HPE_INVALID_EOF_STATE" && inBody) return undefined;
  if (code === TOO_SLOW) return 408;
  if (code === "HPE_HEADER_OVERFLOW") return 431;
  if (code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") return 413;
  return code?.startsWith("HPE_") ? 400 : undefined;
}

/** Responds to a request whose body is incomplete, and ends the handler that waits for the body. */
function respondEarly({ request, response }: Exchange, problem: Problem): void {
  const requestId = response.getHeader(REQUEST_ID_HEADER);
  const body = problemBody(problem, typeof requestId === "string" ? requestId : undefined);
  const length = Buffer.byteLength(body);
  response.writeHead(problem.status, { "Content-Type": PROBLEM_TYPE, "Content-Length": length, Connection: "close" });
  response.end(body);
  response.once("finish", () => request.destroy());
}

/** The raw HTTP response to data that Node could not parse as a request. */
function rawResponse(problem: Problem, requestId: string, releaseVersion: string): string {
  const body = problemBody(problem, requestId);
  const headers = {
    ...problem.details.headers,
    "Content-Type": PROBLEM_TYPE,
    "Content-Length": Buffer.byteLength(body),
    [RELEASE_VERSION_HEADER]: releaseVersion,
    [REQUEST_ID_HEADER]: requestId,
    Connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${problem.status} ${problem.title}`, ...lines, "", body].join("\r\n");
}

/**
 * Creates an HTTP server with time limits. It also responds with problems to requests that Node can't parse. It does not listen.
 * @param options.graceMs milliseconds that a client has to complete a request, or to close its side, while we close its connection
 */
export function createHttpServer(
  listener: RequestListener,
  options: {
    readonly releaseVersion: string;
    readonly log: Logger;
    readonly graceMs: number;
    readonly limits?: ServerLimits;
  },
): { readonly server: Server; readonly connections: Connections } {
  const { releaseVersion, log } = options;

  const serve: RequestListener = (request, response) => {
    if (connections.track({ request, response })) listener(request, response);
    // Our side of the connection is closed, so a response can't be sent.
    else request.socket.destroy();
  };
  // Node responds to requests without Host, and with Expect, without a problem document. We check these ourselves.
  const server = createServer({ ...(options.limits ?? DEFAULT_LIMITS), requireHostHeader: false }, serve);
  server.on("checkExpectation", serve);
  const connections = new Connections(server, options.graceMs, (socket) => refuse(socket, new Problem(408), TOO_SLOW));

  function refuse(socket: Socket, problem: Problem, reason: string): void {
    const incomplete = connections.incomplete(socket);
    if (incomplete && !incomplete.response.headersSent) {
      // The middleware logs this request.
      respondEarly(incomplete, problem);
    } else if (!incomplete && connections.pending(socket) === 0) {
      const requestId = requestIdOf(undefined);
      log.info({ requestId, status: problem.status, reason }, "request refused");
      socket.write(rawResponse(problem, requestId, releaseVersion));
    }
    // Else earlier responses are pending, or this request has a response. The client would take another one for the next response.
    connections.end(socket);
  }

  server.on("clientError", ({ code }: NodeJS.ErrnoException, socket) => {
    // Node emits this event again for all further data. (All connections here are TCP.)
    if (!(socket instanceof Socket) || connections.isClosing(socket)) return;
    const status = statusOf(code, connections.incomplete(socket) !== undefined);
    if (status === undefined || code === undefined || !socket.writable) socket.destroy();
    // A connection without any data is idle, not slow: a load balancer opens connections in advance.
    else if (code !== TOO_SLOW || socket.bytesRead > 0) refuse(socket, new Problem(status), code);
  });
  server.on("connect", ({ socket }) => {
    // Node no longer handles this socket, so we discard its data and its errors.
    socket.on("error", () => socket.destroy()).resume();
    refuse(socket, new Problem(405, { headers: { Allow: "" } }), "CONNECT");
  });
  return { server, connections };
}
