import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { AwsError } from "../aws-error";
import { refusalOf } from "../aws/admission";
import { DYNAMODB_BODY_LIMIT, readBody } from "../aws/body";
import { jsonProtocol } from "../aws/json";
import { answerMalformed } from "../aws/malformed";
import { pathAndQuery } from "../aws/request-target";

const protocol = jsonProtocol("1.0");

/**
 * Stands between clients and dynalite, which throws, and so ends its process, when a request breaks off in its body,
 * when a member is null where it looks into it, and when an operation fails in a way it does not know. Here a request
 * has come as a whole, and is answered to who may ask, before dynalite sees it; what dynalite throws is the error of that
 * request alone.
 * @param server dynalite's
 * @returns what the process is to do with an exception that nobody caught; false: it belongs to no request
 */
export function shield(server: Server): (error: unknown) => boolean {
  const handlers = server.listeners("request");
  server.removeAllListeners("request");
  /** The response to the request that the running code is about. */
  const current = new AsyncLocalStorage<ServerResponse>();

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url = "/", headers } = request;
    try {
      const body = await readBody(request as AsyncIterable<Buffer>, DYNAMODB_BODY_LIMIT);
      const refused = refusalOf({ url, headers }) ?? refusalOfBody(body);
      if (refused) throw refused;
      // A page of the cloud's own has no need of CORS, which dynalite would grant to any.
      const passedOn = { ...headers };
      delete passedOn.origin;
      const whole = Object.assign(new EventEmitter(), { method, url: pathAndQuery(url), headers: passedOn });
      current.run(response, () => {
        for (const handle of handlers) handle.call(server, whole, response);
        if (body.length > 0) whole.emit("data", body);
        whole.emit("end");
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

/** JSON that is no object: dynalite would look into it. What is no JSON at all it refuses by itself. */
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

/** What dynalite throws at once, it throws while it looks at the input; nothing has been done then. */
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError("SerializationException", `The embedded DynamoDB cannot read this input: ${messageOf(error)}`);
}

/** Answers with an error where nothing was answered yet; else there is nothing left to tell. */
function answerError(response: ServerResponse, error: AwsError): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, headers, body } = protocol.writeError(error, { operation: "", requestId: "" });
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
