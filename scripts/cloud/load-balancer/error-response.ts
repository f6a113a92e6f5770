import { STATUS_CODES, type ServerResponse } from "node:http";
import type { Writable } from "node:stream";

function page(status: number): string {
  const title = `${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}

/**
 * Sends an error response of the load balancer itself, as ALB does: a small page, and its name in the Server header.
 */
export function sendErrorResponse(response: ServerResponse, status: number): void {
  const body = page(status);
  response
    // Without a reason here, Node would keep the reason of a target's response that could not be written.
    .writeHead(status, STATUS_CODES[status] ?? "", {
      server: "awselb/2.0",
      "content-type": "text/html",
      "content-length": Buffer.byteLength(body),
    })
    .end(body);
}

/** Sends an error response on a connection on which no valid HTTP request arrived, and closes the connection. */
export function sendRawErrorResponse(socket: Writable, status: number): void {
  const body = page(status);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nServer: awselb/2.0\r\nContent-Type: text/html\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
