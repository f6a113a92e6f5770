import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { messageOf } from "../../command/error-message";
import { AwsError } from "../aws-error";
import { refusalOf } from "./admission";
import { BODY_LIMIT, DYNAMODB_BODY_LIMIT, readBody } from "./body";
import { forwardToDynamoDb } from "./dynamodb";
import { answerMalformed } from "./malformed";
import { InputError, type Service } from "./operation";
import type { WireResponse } from "./protocol";
import { queryProtocol } from "./query";
import { pathAndQuery, queryOf } from "./request-target";
import { DYNAMODB_TARGET, type RequestHead, type Route, routeOf, amzTargetOf, unknownOperation } from "./route";

/** Services and state of a WireServer. */
export interface WireServerOptions<Context> {
  readonly services: readonly Service<Context>[];
  /** The state that the operations read and change. */
  readonly context: Context;
  /** Base URL of the embedded database. Without it, DynamoDB is not served. */
  readonly dynamoEndpoint?: string | undefined;
}

/** Real milliseconds. Longer than any client waits between two polls, so that no poll meets a closing connection. */
const KEEP_ALIVE_MS = 75_000;

/**
 * An HTTP server for AWS's wire protocols, on one port, for any AWS client. It does not check signatures, and it refuses web
 * pages (admission.ts).
 */
export class WireServer<Context> {
  private readonly server: Server;

  constructor(private readonly options: WireServerOptions<Context>) {
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response);
    // By default Node answers a request without Host with an empty 400. Here refusalOf refuses it with an AWS error.
    this.server = createServer({ requireHostHeader: false }, serve);
    this.server.on("checkExpectation", serve);
    answerMalformed(this.server, queryProtocol);
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /**
   * Listens on 127.0.0.1.
   * @param port 0: any free port
   * @throws the system's error when the port is taken
   */
  start(port = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => {
        this.server.off("error", reject);
        resolve();
      });
    });
  }

  /** Base URL, for AWS_ENDPOINT_URL. @throws Error before `start` */
  get endpoint(): string {
    const address = this.server.address() as AddressInfo | null;
    if (!address) throw new Error("the AWS endpoint is not listening: call start() first");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Stops listening and closes all connections; resolves when the port is free. Does nothing before `start`. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const { method = "GET", url = "/", headers } = request;
    try {
      const { dynamoEndpoint } = this.options;
      const database = amzTargetOf(headers)?.prefix === DYNAMODB_TARGET ? dynamoEndpoint : undefined;
      const { body, tooLarge } = await bodyOf(request, database === undefined ? BODY_LIMIT : DYNAMODB_BODY_LIMIT);
      const refused = refusalOf({ url, headers }) ?? tooLarge;
      if (database !== undefined && !refused) {
        await forwardToDynamoDb(request, body, response, { endpoint: database, requestId });
        return;
      }
      // In a GET, the Query protocol's parameters are in the URL.
      const input = method === "GET" ? Buffer.from(queryOf(url)) : body;
      send(response, this.answer({ method, url: pathAndQuery(url), headers }, input, requestId, refused));
    } catch {
      // The client or the database has disconnected. A response is no longer possible, or no longer complete.
      response.destroy();
    }
  }

  private answer(head: RequestHead, body: Buffer, requestId: string, refused: AwsError | undefined): WireResponse {
    const { services, context } = this.options;
    const route = routeOf(head, body, services);
    const names = {
      operation: route.operationName,
      requestId,
      ...(route.service && { service: route.service }),
    };
    const withId = ({ headers, ...response }: WireResponse) => ({
      ...response,
      headers: { ...headers, "x-amzn-requestid": requestId },
    });
    try {
      if (refused) throw refused;
      if (!route.operation) throw unknownOperation(route, services);
      const output = route.operation.answer(route.protocol.readInput(body), context);
      return withId(route.protocol.writeOutput(output, names));
    } catch (error) {
      return withId(route.protocol.writeError(asAwsError(error, route), names));
    }
  }
}

/**
 * The whole body, or the error for a body that is too large.
 * @param limit bytes
 * @throws Error when the client disconnects
 */
async function bodyOf(
  request: AsyncIterable<Buffer>,
  limit: number,
): Promise<{ readonly body: Buffer; readonly tooLarge?: AwsError }> {
  try {
    return { body: await readBody(request, limit) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { body: Buffer.alloc(0), tooLarge: error };
  }
}

function asAwsError<Context>(error: unknown, { service, serviceName, operationName }: Route<Context>): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof InputError) {
    return new AwsError(service?.inputErrorType(error.problems[0]) ?? "ValidationException", error.message);
  }
  // The call stack overflowed: the input has more levels than any input of AWS.
  if (error instanceof RangeError && /call stack/.test(error.message))
    return new AwsError("SerializationException", "The input is nested too deeply.");
  const reason = messageOf(error);
  return new AwsError("InternalFailure", `The local cloud failed in ${serviceName} ${operationName}: ${reason}`, 500);
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
