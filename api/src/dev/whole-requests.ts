import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import { buffer } from "node:stream/consumers";

/** The largest request of DynamoDB, in bytes. */
const LARGEST = 16 * 1024 * 1024;

/**
 * Lets dynalite see a request only when all of it has come: one that breaks off in its body would make it throw, and so
 * end this process. What it throws over an input that it cannot read (a null, where it looks into it) is answered.
 * @param server dynalite's
 */
export function wholeRequestsOnly(server: Server): void {
  const handlers = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    const { method, url, headers } = request;
    if (Number(headers["content-length"]) > LARGEST) {
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
      // The client has left.
      () => response.destroy(),
    );
  });
}
