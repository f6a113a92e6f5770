import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AwsError } from "../parts";
import { readBody } from "./body";
import { passToDynamoDb } from "./dynamodb";
import { InputError, type Service } from "./operation";
import type { WireAnswer } from "./protocol";
import { DYNAMODB_TARGET, routeOf, targetOf, unknownOperation, type Route } from "./route";

/** What is served, and from what. */
export interface WireServerOptions<Context> {
  readonly services: readonly Service<Context>[];
  /** What every operation is answered from. */
  readonly context: Context;
  /** Base URL of the embedded database; without it, DynamoDB is not served. */
  readonly dynamoEndpoint?: string | undefined;
}

/** Wall milliseconds: longer than any client waits between two polls, so that none meets a closing connection. */
const KEEP_ALIVE_MS = 75_000;

/** AWS's own protocols on one port, for any AWS client that is pointed at it. Signatures are not checked. */
export class WireServer<Context> {
  private readonly server: Server;

  constructor(private readonly options: WireServerOptions<Context>) {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /**
   * Listens on 127.0.0.1.
   * @param port 0: any free one
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

  /** Base URL, as AWS_ENDPOINT_URL wants it. Throws before `start`. */
  get endpoint(): string {
    const address = this.server.address() as AddressInfo | null;
    if (!address) throw new Error("the AWS endpoint is not listening: call start() first");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Stops listening and breaks what is still open; resolves when the port is free. Does nothing when not started. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    try {
      const { dynamoEndpoint } = this.options;
      const isDynamoDb = targetOf(request.headers)?.prefix === DYNAMODB_TARGET;
      if (isDynamoDb && dynamoEndpoint !== undefined) {
        await passToDynamoDb(request, response, dynamoEndpoint, requestId);
      } else {
        send(response, await this.answer(request, requestId), requestId);
      }
    } catch {
      // The client or the database has gone away: there is nobody to tell, or nothing that could be told.
      response.destroy();
    }
  }

  private async answer(request: IncomingMessage, requestId: string): Promise<WireAnswer> {
    const { method = "GET", url = "/", headers } = request;
    // By GET, the Query protocol has its parameters in the URL.
    let body: Buffer = Buffer.from(method === "GET" ? new URL(url, this.endpoint).search.slice(1) : "");
    let tooLarge: AwsError | undefined;
    try {
      if (method !== "GET") body = await readBody(request as AsyncIterable<Buffer>);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      tooLarge = error;
    }
    const { services, context } = this.options;
    const route = routeOf({ method, url, headers }, body, services);
    const names = {
      operation: route.operationName,
      requestId,
      ...(route.service && { service: route.service }),
    };
    try {
      if (tooLarge) throw tooLarge;
      if (!route.operation) throw unknownOperation(route, services);
      const output = route.operation.answer(route.protocol.readInput(body), context);
      return route.protocol.writeOutput(output, names);
    } catch (error) {
      return route.protocol.writeError(asAwsError(error, route), names);
    }
  }
}

function asAwsError<Context>(error: unknown, { service, serviceName, operationName }: Route<Context>): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof InputError) {
    return new AwsError(service?.inputErrorType(error.problems[0]) ?? "ValidationException", error.message);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new AwsError("InternalFailure", `The local cloud failed in ${serviceName} ${operationName}: ${reason}`, 500);
}

function send(response: ServerResponse, { status, headers, body }: WireAnswer, requestId: string): void {
  response.writeHead(status, {
    ...headers,
    "x-amzn-requestid": requestId,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
