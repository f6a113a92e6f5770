import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { queryOf } from "./request-target";

/** Headers that a proxy must not forward (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1). */
const HOP_BY_HOP_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
]);

/** Request headers that Node sets itself, and `expect`: the client has already got its 100 Continue. */
const REPLACED_HEADERS: ReadonlySet<string> = new Set(["host", "content-length", "expect"]);

function endToEndHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP_HEADERS.has(name)));
}

/**
 * Forwards a DynamoDB request to the embedded database, and the database's response to the client, both unchanged. A host in
 * the request's target has no effect.
 * @param incoming a request whose body has been read
 * @param database.endpoint base URL of the database
 * @returns a promise that resolves when the response is complete or the client has disconnected
 * @throws Error when the database cannot be reached or disconnects
 */
export function forwardToDynamoDb(
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  database: { readonly endpoint: string; readonly requestId: string },
): Promise<void> {
  const { hostname, port } = new URL(database.endpoint);
  const headers = Object.entries(endToEndHeaders(incoming.headers)).filter(([name]) => !REPLACED_HEADERS.has(name));
  const query = queryOf(incoming.url ?? "");
  return new Promise((resolve, reject) => {
    const forwarded = httpRequest({
      hostname,
      port,
      // DynamoDB has only this path. The query string may hold a signature.
      path: query === "" ? "/" : `/?${query}`,
      method: incoming.method,
      headers: { ...Object.fromEntries(headers), "content-length": body.length },
    });
    forwarded.on("error", reject);
    forwarded.on("response", (response) => {
      outgoing.writeHead(response.statusCode ?? 502, {
        "x-amzn-requestid": database.requestId,
        ...endToEndHeaders(response.headers),
      });
      response.on("error", reject);
      outgoing.on("close", resolve);
      response.pipe(outgoing);
    });
    outgoing.on("close", () => forwarded.destroy());
    forwarded.end(body);
  });
}
