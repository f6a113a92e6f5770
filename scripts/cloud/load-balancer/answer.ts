import { STATUS_CODES, type ServerResponse } from "node:http";
import type { Writable } from "node:stream";

function page(status: number): string {
  const title = `${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}

/** Answers in the load balancer's own name, as ALB does: a small page, and a Server header that tells who it was. */
export function answer(response: ServerResponse, status: number): void {
  const body = page(status);
  response
    // The reason is said: a target's that could not be written may still stand in the response.
    .writeHead(status, STATUS_CODES[status] ?? "", {
      server: "awselb/2.0",
      "content-type": "text/html",
      "content-length": Buffer.byteLength(body),
    })
    .end(body);
}

/** Answers what was no HTTP request at all, and closes the connection. */
export function answerRaw(socket: Writable, status: number): void {
  const body = page(status);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nServer: awselb/2.0\r\nContent-Type: text/html\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
