import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { messageOf } from "../../command/error-message";
import { AwsError } from "../aws-error";
import { refusalOf } from "../aws/admission";
import { DYNAMODB_BODY_LIMIT, readBody } from "../aws/body";
import { jsonProtocol } from "../aws/json";
import { answerMalformed } from "../aws/malformed";
import { pathAndQuery } from "../aws/request-target";

const protocol = jsonProtocol("1.0");

/**
 * Protects dynalite's process from bad requests. Without it, dynalite throws an uncaught exception when a client disconnects
 * in the middle of a body, when an input has null in place of an object, and when an operation fails unexpectedly. With it,
 * dynalite gets only complete requests from admitted clients, and an exception fails one request, not the process.
 * @param server dynalite's server; its request listeners are replaced
 * @returns a handler for uncaught exceptions: it answers the request that caused one, and returns false when none did
 */
export function shield(server: Server): (error: unknown) => boolean {
  const handlers = server.listeners("request");
  server.removeAllListeners("request");
  /** The response of the request that the running code handles. */
  const current = new AsyncLocalStorage<ServerResponse>();

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url = "/", headers } = request;
    try {
      const body = await readBody(request as AsyncIterable<Buffer>, DYNAMODB_BODY_LIMIT);
      const refused = refusalOf({ url, headers }) ?? refusalOfBody(body);
      if (refused) throw refused;
      // dynalite answers a request with an Origin header with CORS headers for any origin.
      const forwarded = { ...headers };
      delete forwarded.origin;
      const complete = Object.assign(new EventEmitter(), { method, url: pathAndQuery(url), headers: forwarded });
      current.run(response, () => {
        for (const handle of handlers) handle.call(server, complete, response);
        if (body.length > 0) complete.emit("data", body);
        complete.emit("end");
      });
    } catch (error) {
      answerError(response, asAwsError(error));
    }
  };
  server.on("request", (request, response) => void serve(request, response));
  answerMalformed(server, protocol);

  return (error) => {
    const response = current.getStore();
    if (!response) return false;
    console.error("the embedded DynamoDB failed in an operation:", error);
    answerError(
      response,
      new AwsError("InternalServerError", `The embedded DynamoDB failed: ${messageOf(error)}`, 500),
    );
    return true;
  };
}

/** The refusal of a body that is not a JSON object; undefined when it is one or is empty. */
function refusalOfBody(body: Buffer): AwsError | undefined {
  if (body.length === 0) return undefined;
  try {
    protocol.readInput(body);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** The answer to an exception that dynalite throws synchronously: it still reads the input then, and has changed nothing. */
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError("SerializationException", `The embedded DynamoDB cannot read this input: ${messageOf(error)}`);
}

/** Answers with an error; closes the connection when an answer has already begun. */
function answerError(response: ServerResponse, error: AwsError): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, headers, body } = protocol.writeError(error, { operation: "", requestId: "" });
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}
