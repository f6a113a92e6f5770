import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Clock } from "../clock";

/**
 * Headers of a single connection, which a proxy does not forward (RFC 9110, 7.6.1:
 * https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1). The body is framed anew.
 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Client headers that are not forwarded: the load balancer sets its own, and has already responded to `expect`. */
const REWRITTEN: ReadonlySet<string> = new Set([
  "expect",
  "x-amzn-trace-id",
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
]);

/**
 * Makes the ids of X-Amzn-Trace-Id: version, time, and 24 hex digits that do not repeat.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
 */
export class TraceIds {
  private readonly run = randomBytes(8).toString("hex");
  private count = 0;

  constructor(private readonly clock: Clock) {}

  /** e.g. `1-67891233-abcdef012345678912345678` */
  next(): string {
    this.count = (this.count + 1) % 0x1_0000_0000;
    const seconds = Math.floor(this.clock.now() / 1_000);
    return `1-${hex(seconds)}-${this.run}${hex(this.count)}`;
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/** Whether a request has a body. */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/**
 * The headers that a target receives, as an array of names and values: the client's without those of its connection,
 * and the load balancer's own (X-Forwarded-For, -Proto, -Port and X-Amzn-Trace-Id).
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 *
 * @param listenerPort the port that clients of the listener connect to
 */
export function requestHeaders(request: IncomingMessage, listenerPort: string, traceIds: TraceIds): string[] {
  const { headers } = request;
  const forwarded = endToEnd(request, REWRITTEN);
  // An HTTP/1.0 request may lack a Host. Targets receive HTTP/1.1, which requires it.
  if (headers.host === undefined) forwarded.push("Host", request.socket.localAddress ?? "");
  const chain = headers["x-forwarded-for"];
  const client = request.socket.remoteAddress ?? "";
  forwarded.push(
    "X-Forwarded-For",
    chain === undefined ? client : `${String(chain)}, ${client}`,
    "X-Forwarded-Proto",
    "http",
    "X-Forwarded-Port",
    listenerPort,
    "X-Amzn-Trace-Id",
    traceHeader(headers["x-amzn-trace-id"], traceIds),
  );
  if (headers["transfer-encoding"] !== undefined) forwarded.push("Transfer-Encoding", "chunked");
  // Without either header, Node would announce a chunked body for methods that usually have a body.
  else if (headers["content-length"] === undefined) pushEmptyLength(request, forwarded);
  return forwarded;
}

function pushEmptyLength(request: IncomingMessage, forwarded: string[]): void {
  if (request.method === "POST" || request.method === "PUT" || request.method === "PATCH") {
    forwarded.push("Content-Length", "0");
  }
}

/** The headers that a client receives, as an array of names and values. */
export function responseHeaders(response: IncomingMessage): string[] {
  return endToEnd(response);
}

/** Continues a trace that the client sent with the load balancer's own step; begins a trace otherwise. */
function traceHeader(incoming: string | string[] | undefined, traceIds: TraceIds): string {
  const fields = String(incoming ?? "")
    .split(";")
    .filter((field) => field !== "" && !field.startsWith("Self="));
  const started = fields.some((field) => field.startsWith("Root="));
  return [`${started ? "Self" : "Root"}=${traceIds.next()}`, ...fields].join(";");
}

function endToEnd(message: IncomingMessage, without?: ReadonlySet<string>): string[] {
  const { rawHeaders } = message;
  const named = connectionTokens(message.headers.connection);
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || without?.has(lower) === true || named?.has(lower) === true) continue;
    kept.push(name, rawHeaders[index + 1] ?? "");
  }
  return kept;
}

/** Lower-case names of headers that `Connection` lists as belonging to this connection; undefined for none. */
function connectionTokens(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === "keep-alive" || connection === "close") return undefined;
  return new Set(connection.split(",").map((token) => token.trim().toLowerCase()));
}
