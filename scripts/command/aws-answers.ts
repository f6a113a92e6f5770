import { Readable } from "node:stream";
import { isNativeError } from "node:util/types";
import type {
  DeserializeMiddleware,
  HandlerExecutionContext,
  InitializeMiddleware,
  MiddlewareStack,
} from "@smithy/types";

/** Time limits of calls to AWS, in milliseconds. */
export interface AnswerLimits {
  /** One answer: its headers and its body. */
  readonly answerMs: number;
  /** One call: getting credentials, all tries of the SDK, and the waits between them. */
  readonly callMs: number;
}

/**
 * AWS answers within seconds, but a credential process may ask a person for a code. The SDK itself limits only the time to
 * the headers (`requestTimeout`); it does not limit `credential_process`:
 * https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md#request-handler-requesthandler
 */
export const ANSWER_LIMITS: AnswerLimits = { answerMs: 15_000, callMs: 120_000 };

/** Time to connect, including name resolution. */
const CONNECTION_TIMEOUT_MS = 5_000;

/** Far above AWS's longest answers, which have a few megabytes. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/** The start of an HTML page. AWS's protocols have none; a proxy or a captive portal answers with one. */
const HTML_PAGE = /^\s*<(!doctype\s+html|html)\b/i;

/** Characters of an unreadable answer that are shown. */
const SHOWN_CHARACTERS = 60;

/** The answer is not valid in AWS's protocol: it comes from a proxy or a captive portal, or it is incomplete. */
export class UnreadableAnswer extends Error {
  /** The SDK retries errors that have this property. */
  readonly $retryable = { throttling: false };
  readonly $metadata: { readonly httpStatusCode?: number };

  constructor(message: string, httpStatusCode?: number) {
    super(message);
    this.name = "UnreadableAnswer";
    this.$metadata = httpStatusCode === undefined ? {} : { httpStatusCode };
  }
}

/** Settings for the SDK's request handler: it limits the time until the headers of an answer. */
export function requestHandlerOf({ answerMs }: AnswerLimits) {
  return {
    connectionTimeout: Math.min(CONNECTION_TIMEOUT_MS, answerMs),
    requestTimeout: answerMs,
    throwOnRequestTimeout: true,
  };
}

/** Body of each answer, for error messages. */
const bodies = new WeakMap<object, Uint8Array>();

/** A client of the SDK: the part that `withAnswerLimits` needs. */
interface Client<Input extends object, Output extends object> {
  readonly middlewareStack: Pick<MiddlewareStack<Input, Output>, "add">;
}

/**
 * Adds time limits to every call of a client: one for each answer with its body, and one for the whole call. An answer
 * that is not AWS's becomes an UnreadableAnswer. An error from before the request was sent has `neverSent: true`.
 *
 * @returns the same client
 */
export function withAnswerLimits<Input extends object, Output extends object, T extends Client<Input, Output>>(
  client: T & Client<Input, Output>,
  limits: AnswerLimits = ANSWER_LIMITS,
): T {
  const calls = new WeakMap<HandlerExecutionContext, { sent: boolean; over: boolean }>();

  const limitCall: InitializeMiddleware<Input, Output> = (next, context) => (args) => {
    const call = { sent: false, over: false };
    calls.set(context, call);
    const timeout = () => {
      // The caller has its error by then, so the request must not be sent any more.
      call.over = true;
      return call.sent
        ? timeoutError(`no answer within ${limits.callMs} ms`)
        : Object.assign(new Error(`no credentials within ${limits.callMs} ms`), { name: "CredentialsProviderError" });
    };
    return within(next(args), limits.callMs, timeout).catch((error: unknown) => {
      throw call.sent || !isNativeError(error) ? error : Object.assign(error, { neverSent: true });
    });
  };

  const limitAnswer: DeserializeMiddleware<Input, Output> = (next, context) => async (args) => {
    const call = calls.get(context);
    if (call?.over === true) throw timeoutError("the call timed out before it was sent");
    if (call) call.sent = true;
    let response: Writable<Response> | undefined;
    const answer = async () => {
      // Another middleware may read the body (aws-raw.ts); the limit includes that.
      const result = await next(args);
      response = result.response as Writable<Response>;
      const bytes = isStream(response.body) ? await readBody(response.body) : response.body;
      if (!(bytes instanceof Uint8Array)) return result;
      bodies.set(response, bytes);
      // The SDK would parse an HTML page as XML, and return an empty answer without an error.
      if (isHtmlPage(bytes)) throw unreadableAnswer(response);
      // The SDK expects a stream as the body of an S3 object.
      if (isStream(response.body)) response.body = Readable.from([bytes]);
      return result;
    };
    return within(answer(), limits.answerMs, () => {
      (response?.body as Partial<Readable> | undefined)?.destroy?.();
      const began = response === undefined ? "" : " began and";
      return timeoutError(`the answer${began} was not complete within ${limits.answerMs} ms`);
    });
  };

  const nameUnreadable: DeserializeMiddleware<Input, Output> = (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      throw asUnreadable(error) ?? error;
    }
  };

  const { middlewareStack } = client;
  middlewareStack.add(limitCall, { step: "initialize", priority: "high", name: "limitCall" });
  // In this step, `high` runs around the SDK's deserializer, and `low` between the deserializer and the connection.
  middlewareStack.add(nameUnreadable, { step: "deserialize", priority: "high", name: "nameUnreadable" });
  middlewareStack.add(limitAnswer, { step: "deserialize", priority: "low", name: "limitAnswer" });
  return client;
}

/** @throws UnreadableAnswer when the body is too long */
async function readBody(body: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > BODY_LIMIT_BYTES) throw new UnreadableAnswer(`the answer has more than ${BODY_LIMIT_BYTES} bytes`);
  }
  return Buffer.concat(chunks);
}

function isHtmlPage(bytes: Uint8Array): boolean {
  return HTML_PAGE.test(Buffer.from(bytes.subarray(0, 256)).toString("latin1"));
}

/** Resolves as the promise does, or rejects with `timeout()` after `milliseconds`. */
async function within<T>(promise: Promise<T>, milliseconds: number, timeout: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeout()), milliseconds);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Turns an error that comes from parsing an answer into an UnreadableAnswer; undefined for other errors. */
function asUnreadable(error: unknown): UnreadableAnswer | undefined {
  const isParseError = isNativeError(error) && "$response" in error && !("$fault" in error);
  return isParseError ? unreadableAnswer(Object(error.$response) as Response) : undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** An HTTP response: the parts that error messages use. */
interface Response {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function unreadableAnswer(response: Response): UnreadableAnswer {
  const { statusCode, headers } = response;
  const kind = `${statusCode ?? "?"}, ${headers?.["content-type"] ?? "no content type"}`;
  return new UnreadableAnswer(
    `the answer (${kind}) can't be read as AWS's: ${excerpt(bodies.get(response))}`,
    statusCode,
  );
}

/** The start of a body in one line. Nothing of JSON is shown, because part of an answer may hold a secret. */
function excerpt(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return "its body is unknown";
  const text = Buffer.from(bytes)
    .toString("utf8")
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  if (text === "") return "it is empty";
  if (/^["[{]/.test(text)) return "it isn't what was asked for, or not all of it";
  return text.length > SHOWN_CHARACTERS ? `it begins ${text.slice(0, SHOWN_CHARACTERS)}…` : `it says ${text}`;
}

function isStream(body: unknown): body is NodeJS.ReadableStream {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

function timeoutError(message: string): Error {
  return Object.assign(new Error(message), { name: "TimeoutError" });
}
