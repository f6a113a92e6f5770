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

/**
 * Largest size of a request's headers with which ALB keeps the client's trace, in bytes; AWS writes 7 KB.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
 */
const MAX_TRACED_HEADER_BYTES = 7 * 1_024;

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

/** A request's trace. */
export interface Trace {
  /** The trace's id: the value of Root, e.g. `1-67891233-abcdef012345678912345678`. */
  readonly id: string;
  /** The value of X-Amzn-Trace-Id that the target receives. */
  readonly header: string;
}

/**
 * Continues the trace that the client sent: Root and other fields stay, and the load balancer sets Self. Begins a trace
 * when the client sent no Root, or more headers than ALB looks through.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
 */
export function traceOf(request: Pick<IncomingMessage, "headers" | "rawHeaders">, traceIds: TraceIds): Trace {
  const own = traceIds.next();
  const fields = String(request.headers["x-amzn-trace-id"] ?? "")
    .split(";")
    .map((field) => field.trim())
    .filter((field) => field !== "" && !field.startsWith("Self="));
  const root = fields.find((field) => field.startsWith("Root="))?.slice("Root=".length);
  if (root !== undefined && root !== "" && bytesOf(request.rawHeaders) <= MAX_TRACED_HEADER_BYTES)
    return { id: root, header: [`Self=${own}`, ...fields].join(";") };
  return { id: own, header: [`Root=${own}`, ...fields.filter((field) => !field.startsWith("Root="))].join(";") };
}

/** The size of headers on the wire: each is `Name: value` and an end of line. Node reads them as Latin-1. */
function bytesOf(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
}

/**
 * The headers that a target receives, as an array of names and values: the client's without those of its connection,
 * and the load balancer's own (X-Forwarded-For, -Proto, -Port and X-Amzn-Trace-Id).
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 *
 * @param listenerPort the port that clients of the listener connect to
 */
export function requestHeaders(request: IncomingMessage, listenerPort: string, trace: Trace): string[] {
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
    trace.header,
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
