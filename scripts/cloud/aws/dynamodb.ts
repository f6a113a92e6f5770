import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";

/**
 * Passes a DynamoDB request on to the embedded database and its answer back, byte by byte.
 * @param endpoint base URL of the database
 * @returns when the answer has been passed on
 * @throws Error when the database can't be reached or breaks off
 */
export function passToDynamoDb(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  endpoint: string,
  requestId: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...incoming.headers };
    // It names this server; Node writes the database's own.
    delete headers.host;
    const onward = httpRequest(new URL(incoming.url ?? "/", endpoint), { method: incoming.method, headers });
    onward.on("error", reject);
    onward.on("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, { "x-amzn-requestid": requestId, ...answer.headers });
      answer.on("error", reject);
      outgoing.on("close", resolve);
      answer.pipe(outgoing);
    });
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
}
