import { Readable } from "node:stream";
import { isNativeError } from "node:util/types";
import type {
  DeserializeMiddleware,
  HandlerExecutionContext,
  InitializeMiddleware,
  MiddlewareStack,
} from "@smithy/types";

/** How long AWS may take, in milliseconds. */
export interface AnswerLimits {
  /** One whole answer: its headers and its body. */
  readonly answerMs: number;
  /** One call: credentials, all tries that the SDK makes, and the waits between them. */
  readonly callMs: number;
}

/**
 * Seconds are what AWS takes; a credential process may ask a person for a code. The SDK itself limits only the time to
 * the headers (`requestTimeout`), and `credential_process` not at all:
 * https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md#request-handler-requesthandler
 */
export const ANSWER_LIMITS: AnswerLimits = { answerMs: 15_000, callMs: 120_000 };

/** Milliseconds until a connection is there, name resolution included. */
const CONNECTION_TIMEOUT_MS = 5_000;

/** AWS's longest answers have a few megabytes. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/** How a page for people begins: AWS's protocols have none. */
const PAGE = /^\s*<(!doctype\s+html|html)\b/i;

/** Characters of an unreadable answer that are shown. */
const SHOWN_CHARACTERS = 60;

/** Something answered that does not speak AWS's protocol here: a proxy, a captive portal, half an answer. */
export class UnreadableAnswer extends Error {
  /** The SDK's word for "make the call again", for clients that repeat calls. */
  readonly $retryable = { throttling: false };
  readonly $metadata: { readonly httpStatusCode?: number };

  constructor(message: string, httpStatusCode?: number) {
    super(message);
    this.name = "UnreadableAnswer";
    this.$metadata = httpStatusCode === undefined ? {} : { httpStatusCode };
  }
}

/** Settings for the SDK's request handler: the limits up to the headers of an answer. */
export function requestHandlerOf({ answerMs }: AnswerLimits) {
  return {
    connectionTimeout: Math.min(CONNECTION_TIMEOUT_MS, answerMs),
    requestTimeout: answerMs,
    throwOnRequestTimeout: true,
  };
}

/** What stood in an answer. */
const bodies = new WeakMap<object, Uint8Array>();

/** A client of the SDK, as far as its calls can be limited. */
interface Client<Input extends object, Output extends object> {
  readonly middlewareStack: Pick<MiddlewareStack<Input, Output>, "add">;
}

/**
 * Has every call of this client end: a whole answer within its limit, however its body stalls or trickles, and the whole
 * call within another, whatever it waits for. What is no answer of AWS becomes an UnreadableAnswer. An error that came
 * before anything was sent has `neverSent: true`.
 *
 * @returns the client
 */
export function withAnswerLimits<Input extends object, Output extends object, T extends Client<Input, Output>>(
  client: T & Client<Input, Output>,
  limits: AnswerLimits = ANSWER_LIMITS,
): T {
  const calls = new WeakMap<HandlerExecutionContext, { sent: boolean; over: boolean }>();

  const limitCall: InitializeMiddleware<Input, Output> = (next, context) => (args) => {
    const call = { sent: false, over: false };
    calls.set(context, call);
    const late = () => {
      // Whatever it still waits for, it must not be sent when nobody counts with it any more.
      call.over = true;
      return call.sent
        ? timeoutError(`no answer within ${limits.callMs} ms`)
        : Object.assign(new Error(`no credentials within ${limits.callMs} ms`), { name: "CredentialsProviderError" });
    };
    return within(next(args), limits.callMs, late).catch((error: unknown) => {
      throw call.sent || !isNativeError(error) ? error : Object.assign(error, { neverSent: true });
    });
  };

  const limitAnswer: DeserializeMiddleware<Input, Output> = (next, context) => async (args) => {
    const call = calls.get(context);
    if (call?.over === true) throw timeoutError("the call was given up before it was sent");
    if (call) call.sent = true;
    let response: Writable<Response> | undefined;
    const answer = async () => {
      // Others may read the body on its way (aws-raw.ts): that counts as well.
      const result = await next(args);
      response = result.response as Writable<Response>;
      const bytes = isStream(response.body) ? await readBody(response.body) : response.body;
      if (!(bytes instanceof Uint8Array)) return result;
      bodies.set(response, bytes);
      // The SDK reads a page as XML without a word, as an answer in which nothing stands.
      if (isPage(bytes)) throw unreadableAnswer(response);
      // The content of an object of S3 has to be a stream.
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
      throw unreadable(error) ?? error;
    }
  };

  const { middlewareStack } = client;
  middlewareStack.add(limitCall, { step: "initialize", priority: "high", name: "limitCall" });
  // In this step, high is around the SDK's deserializer and low is between it and the connection.
  middlewareStack.add(nameUnreadable, { step: "deserialize", priority: "high", name: "nameUnreadable" });
  middlewareStack.add(limitAnswer, { step: "deserialize", priority: "low", name: "limitAnswer" });
  return client;
}

/** The whole of a body. */
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

function isPage(bytes: Uint8Array): boolean {
  return PAGE.test(Buffer.from(bytes.subarray(0, 256)).toString("latin1"));
}

/** The promise's result, or after so many milliseconds the error. */
async function within<T>(promise: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** An error that came of reading an answer, and is none that AWS's answer names. */
function unreadable(error: unknown): UnreadableAnswer | undefined {
  const isOfReading = isNativeError(error) && "$response" in error && !("$fault" in error);
  return isOfReading ? unreadableAnswer(Object(error.$response) as Response) : undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** An answer, as far as its words are needed. */
interface Response {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function unreadableAnswer(response: Response): UnreadableAnswer {
  const { statusCode, headers } = response;
  const kind = `${statusCode ?? "?"}, ${headers?.["content-type"] ?? "no content type"}`;
  return new UnreadableAnswer(
    `the answer (${kind}) can't be read as AWS's: ${shown(bodies.get(response))}`,
    statusCode,
  );
}

/** How an answer begins, in one line. Of JSON nothing is shown: it may be half of an answer that holds a secret. */
function shown(bytes: Uint8Array | undefined): string {
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
