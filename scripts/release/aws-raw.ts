import type { ECSClient } from "@aws-sdk/client-ecs";
import type { constructStack } from "@smithy/core/client";
import { parseExact } from "./exact-json";

/** What the SDK does with a command on its way. */
type Middlewares<Input extends object, Output extends object> = ReturnType<typeof constructStack<Input, Output>>;

/**
 * Keeps an answer as AWS wrote it, beside what the SDK makes of it: the SDK reads by its schema and drops what it doesn't
 * know.
 *
 * @returns gives the answer once there is one; undefined as long as there is none, or none that is a JSON object
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
    // Next to the network: it has the answer before the SDK reads it.
    { step: "deserialize", priority: "low", name: "keepAnswer" },
  );
  return () => answer;
}

/**
 * Sends this body instead of the one that the SDK writes by its schema. It is put in before the request gets its length
 * and its signature, which cover it.
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

/** What isn't JSON is the SDK's to complain about. */
function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseExact(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
