import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import { buffer } from "node:stream/consumers";

/** Largest size of a request to DynamoDB, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Passes a request to dynalite only when its body is complete: dynalite throws on an incomplete body, which would end this
 * process. When dynalite throws on an unexpected input (such as a null instead of an object), the response is 400.
 * @param server the server of dynalite
 */
export function bufferRequests(server: Server): void {
  const handlers = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    const { method, url, headers } = request;
    if (Number(headers["content-length"]) > MAX_BYTES) {
      response.writeHead(413).end();
      return;
    }
    buffer(request).then(
      (body) => {
        const whole = Object.assign(new EventEmitter(), { method, url, headers });
        try {
          for (const handle of handlers) handle.call(server, whole, response);
          if (body.length > 0) whole.emit("data", body);
          whole.emit("end");
        } catch {
          response.writeHead(400, { "Content-Type": "application/x-amz-json-1.0" });
          response.end('{"__type":"com.amazon.coral.service#SerializationException"}');
        }
      },
      // The client has closed the connection.
      () => response.destroy(),
    );
  });
}
