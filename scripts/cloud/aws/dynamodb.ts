import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { queryOf } from "./request-target";

/** Headers that are between the two ends of one connection alone (RFC 9110, section 7.6.1). */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
]);

/** Headers of the client's that Node writes anew, and the wish for a go-ahead, which the client has had. */
const WRITTEN_ANEW: ReadonlySet<string> = new Set(["host", "content-length", "expect"]);

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name)));
}

/**
 * Passes a DynamoDB request, all of which has come, on to the embedded database, and its answer back, byte by byte. It
 * goes to that database and to nothing else, wherever the request's target says.
 * @param database.endpoint base URL of the database
 * @returns when the answer has been passed on
 * @throws Error when the database can't be reached or breaks off
 */
export function passToDynamoDb(
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  database: { readonly endpoint: string; readonly requestId: string },
): Promise<void> {
  const { hostname, port } = new URL(database.endpoint);
  const headers = Object.entries(passedOn(incoming.headers)).filter(([name]) => !WRITTEN_ANEW.has(name));
  const query = queryOf(incoming.url ?? "");
  return new Promise((resolve, reject) => {
    const onward = httpRequest({
      hostname,
      port,
      // DynamoDB has one path. A signature may stand in the query string.
      path: query === "" ? "/" : `/?${query}`,
      method: incoming.method,
      headers: { ...Object.fromEntries(headers), "content-length": body.length },
    });
    onward.on("error", reject);
    onward.on("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, {
        "x-amzn-requestid": database.requestId,
        ...passedOn(answer.headers),
      });
      answer.on("error", reject);
      outgoing.on("close", resolve);
      answer.pipe(outgoing);
    });
    outgoing.on("close", () => onward.destroy());
    onward.end(body);
  });
}
