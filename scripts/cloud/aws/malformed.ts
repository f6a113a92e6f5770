import { randomUUID } from "node:crypto";
import { STATUS_CODES, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { AwsError } from "../aws-error";
import type { Protocol } from "./protocol";

/** AWS's error by the code of Node's HTTP parser; default: MalformedHttpRequestException with status 400. */
const ERRORS: Readonly<Record<string, readonly [type: string, status: number]>> = {
  HPE_HEADER_OVERFLOW: ["MalformedHttpRequestException", 431],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["RequestEntityTooLargeException", 413],
  ERR_HTTP_REQUEST_TIMEOUT: ["RequestTimeoutException", 408],
};

/**
 * Makes a server answer malformed HTTP requests with one of AWS's common errors
 * (https://docs.aws.amazon.com/mgn/latest/APIReference/CommonErrors.html), in place of Node's empty 400.
 */
export function answerMalformed(server: Server, protocol: Protocol): void {
  /** The newest response of each connection. */
  const responses = new WeakMap<Duplex, ServerResponse>();

  const refuse = (socket: Duplex, error: AwsError) => {
    // Whatever else arrives on the connection is discarded, and so are its errors.
    socket.on("error", () => socket.destroy()).resume();
    const response = responses.get(socket);
    // While another response is being sent, the client would read this one as a part of it.
    const answering = response?.headersSent === true && !response.writableFinished;
    if (socket.writable && !answering) socket.end(rawResponse(error, protocol));
    else socket.destroy();
  };

  server.on("request", ({ socket }, response) => responses.set(socket, response));
  server.on("clientError", ({ code = "", message }: NodeJS.ErrnoException, socket) => {
    const [type, status] = ERRORS[code] ?? ["MalformedHttpRequestException", 400];
    // Any other code is a broken connection.
    if (code in ERRORS || code.startsWith("HPE_"))
      refuse(socket, new AwsError(type, `Not an HTTP request: ${message}`, status));
    else socket.destroy();
  });
  server.on("connect", (_request, socket) => {
    refuse(socket, new AwsError("MalformedHttpRequestException", "The local cloud does not serve CONNECT."));
  });
}

function rawResponse(error: AwsError, protocol: Protocol): string {
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
