import { createServer, type RequestListener, type Server } from "node:http";
import { Socket } from "node:net";
import type { Logger } from "pino";
import { Connections, type Exchange } from "./connections";
import { Problem, PROBLEM_TYPE, problemBody } from "./problem";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id";
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

/** Code of Node's error for a request that took longer than its limit. */
const TOO_SLOW = "ERR_HTTP_REQUEST_TIMEOUT";

/** The status for what Node's HTTP parser refuses; undefined: no refusal, but a connection that broke. */
function statusOf(code: string | undefined, inBody: boolean): number | undefined {
  // The client has left.
  if (code === "HPE_INVALID_EOF_STATE" && inBody) return undefined;
  if (code === TOO_SLOW) return 408;
  if (code === "HPE_HEADER_OVERFLOW") return 431;
  if (code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") return 413;
  return code?.startsWith("HPE_") ? 400 : undefined;
}

/** Answers in the place of the one who waits for the rest of the body, and lets them know that it will not come. */
function answerEarly({ request, response }: Exchange, problem: Problem): void {
  const requestId = response.getHeader(REQUEST_ID_HEADER);
  const body = problemBody(problem, typeof requestId === "string" ? requestId : undefined);
  const length = Buffer.byteLength(body);
  response.writeHead(problem.status, { "Content-Type": PROBLEM_TYPE, "Content-Length": length, Connection: "close" });
  response.end(body);
  response.once("finish", () => request.destroy());
}

/** The whole response to what never became a request. */
function rawAnswer(problem: Problem, requestId: string, releaseVersion: string): string {
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
 * An HTTP server with limits, whose answers to what it cannot read are problems too. It does not listen yet.
 * @param options.graceMs what a client gets to complete a request or to close, once we want to close its connection
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
    if (connections.take({ request, response })) listener(request, response);
    // We have ended our side of it: nobody would hear the answer, so nothing is done.
    else request.socket.destroy();
  };
  // What Node would answer by itself is no problem document: a request without Host, or with an expectation, is ours.
  const server = createServer({ ...(options.limits ?? DEFAULT_LIMITS), requireHostHeader: false }, serve);
  server.on("checkExpectation", serve);
  const connections = new Connections(server, options.graceMs, (socket) => refuse(socket, new Problem(408), TOO_SLOW));

  function refuse(socket: Socket, problem: Problem, reason: string): void {
    const incomplete = connections.incomplete(socket);
    if (incomplete && !incomplete.response.headersSent) {
      // It is logged where it is served.
      answerEarly(incomplete, problem);
    } else if (!incomplete && connections.pending(socket) === 0) {
      const requestId = requestIdOf(undefined);
      log.info({ requestId, status: problem.status, reason }, "request refused");
      socket.write(rawAnswer(problem, requestId, releaseVersion));
    }
    // Else others are to be answered first, or this one has been: another answer would be taken for the next.
    connections.end(socket);
  }

  server.on("clientError", ({ code }: NodeJS.ErrnoException, socket) => {
    // Told again with everything that still arrives. (And all our connections are TCP.)
    if (!(socket instanceof Socket) || connections.isClosing(socket)) return;
    const status = statusOf(code, connections.incomplete(socket) !== undefined);
    if (status === undefined || code === undefined || !socket.writable) socket.destroy();
    // Nothing was sent, so nothing is late: it is in somebody's stock.
    else if (code !== TOO_SLOW || socket.bytesRead > 0) refuse(socket, new Problem(status), code);
  });
  server.on("connect", ({ socket }) => {
    // Node has let go of it: what arrives, and what goes wrong, is for nobody.
    socket.on("error", () => socket.destroy()).resume();
    refuse(socket, new Problem(405, { headers: { Allow: "" } }), "CONNECT");
  });
  return { server, connections };
}
