import { randomUUID } from "node:crypto";
import { STATUS_CODES, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { AwsError } from "../aws-error";
import type { Protocol } from "./protocol";

/** What AWS calls what Node's HTTP parser refuses, by Node's code; by default MalformedHttpRequestException, 400. */
const ERRORS: Readonly<Record<string, readonly [type: string, status: number]>> = {
  HPE_HEADER_OVERFLOW: ["MalformedHttpRequestException", 431],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["RequestEntityTooLargeException", 413],
  ERR_HTTP_REQUEST_TIMEOUT: ["RequestTimeoutException", 408],
};

/**
 * Has a server answer what is no HTTP request with one of AWS's common errors, in place of an empty 400 or a closed
 * connection (https://docs.aws.amazon.com/mgn/latest/APIReference/CommonErrors.html).
 */
export function answerMalformed(server: Server, protocol: Protocol): void {
  /** The newest response of each connection. */
  const responses = new WeakMap<Duplex, ServerResponse>();

  const refuse = (socket: Duplex, error: AwsError) => {
    // The rest of the connection, and what still goes wrong with it, is for nobody.
    socket.on("error", () => socket.destroy()).resume();
    const response = responses.get(socket);
    // In the middle of another answer, this one would be taken for a part of it.
    const answering = response?.headersSent === true && !response.writableFinished;
    if (socket.writable && !answering) socket.end(rawAnswer(error, protocol));
    else socket.destroy();
  };

  server.on("request", ({ socket }, response) => responses.set(socket, response));
  server.on("clientError", ({ code = "", message }: NodeJS.ErrnoException, socket) => {
    const [type, status] = ERRORS[code] ?? ["MalformedHttpRequestException", 400];
    // Anything else is a connection that broke.
    if (code in ERRORS || code.startsWith("HPE_"))
      refuse(socket, new AwsError(type, `No HTTP request: ${message}`, status));
    else socket.destroy();
  });
  server.on("connect", (_request, socket) => {
    refuse(socket, new AwsError("MalformedHttpRequestException", "The local cloud opens no tunnel."));
  });
}

function rawAnswer(error: AwsError, protocol: Protocol): string {
  const requestId = randomUUID();
  const { status, headers, body } = protocol.writeError(error, { operation: "", requestId });
  const lines = Object.entries({
    ...headers,
    "x-amzn-requestid": requestId,
    "content-length": Buffer.byteLength(body),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n${String(body)}`;
}
