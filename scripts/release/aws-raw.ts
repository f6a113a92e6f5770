import type { ECSClient } from "@aws-sdk/client-ecs";
import type { constructStack } from "@smithy/core/client";
import { parseExact } from "./exact-json";

/** Middleware stack of an SDK command. */
type Middlewares<Input extends object, Output extends object> = ReturnType<typeof constructStack<Input, Output>>;

/**
 * Keeps the JSON of a response. The SDK parses by its schema and drops members that it doesn't know.
 *
 * @returns a function that returns the JSON object; undefined before the response, or when the body isn't a JSON object
 */
export function keepAnswer<Input extends object, Output extends object>(
  stack: Middlewares<Input, Output>,
  { streamCollector }: Pick<ECSClient["config"], "streamCollector">,
): () => Readonly<Record<string, unknown>> | undefined {
  let answer: Readonly<Record<string, unknown>> | undefined;
  stack.add(
    (next) => async (args) => {
      answer = undefined;
      const result = await next(args);
      const { response } = result;
      const { collectBody, HttpResponse } = await loadProtocols();
      if (HttpResponse.isInstance(response) && response.statusCode < 300) {
        const body = await collectBody(response.body as Uint8Array | undefined, { streamCollector });
        response.body = body;
        answer = objectIn(Buffer.from(body).toString("utf8"));
      }
      return result;
    },
    // Lowest priority of this step: runs next to the network, before the SDK parses the body.
    { step: "deserialize", priority: "low", name: "keepAnswer" },
  );
  return () => answer;
}

/**
 * Sends this body instead of the one that the SDK serializes by its schema. The body is set before the SDK computes
 * length and signature, so both cover it.
 */
export function sendBody<Input extends object, Output extends object>(
  stack: Middlewares<Input, Output>,
  body: string,
): void {
  stack.add(
    (next) => async (args) => {
      const { HttpRequest } = await loadProtocols();
      if (HttpRequest.isInstance(args.request)) args.request.body = body;
      return next(args);
    },
    { step: "build", priority: "high", name: "sendBody" },
  );
}

/** Loads the SDK's protocols when a call is made: help and usage errors need none of the SDK. */
function loadProtocols() {
  return import("@smithy/core/protocols");
}

/** The JSON object in a text; undefined otherwise, because the SDK itself reports invalid JSON. */
function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseExact(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
