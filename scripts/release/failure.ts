import { isNativeError } from "node:util/types";
import { UnreadableAnswer } from "../command/aws-answers";

/**
 * What kind of failure a call to AWS met. `throttled` and `passing` are worth another try, and so is an answer that
 * can't be read (`unreadable`) or is about something else (`mismatched`): neither says anything about AWS itself.
 * `credentials` and `denied` are not worth one, and name what a person has to do.
 */
type FailureKind = "throttled" | "passing" | "unreadable" | "mismatched" | "credentials" | "denied" | "other";

/** A failed call, in words. */
export interface Failure {
  readonly kind: FailureKind;
  /** AWS's error type or Node's error code, e.g. ThrottlingException, ECONNRESET. */
  readonly type: string;
  readonly message: string;
}

const THROTTLED = new Set([
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "SlowDown",
]);
/** The SDK found nothing to sign the request with. */
const NO_CREDENTIALS = new Set(["CredentialsProviderError", "TokenProviderError"]);
const CREDENTIALS = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "InvalidToken",
  "InvalidAccessKeyId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "IncompleteSignature",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "AuthFailure",
  ...NO_CREDENTIALS,
]);
const DENIED = new Set(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"]);
const PASSING = new Set([
  "TimeoutError",
  "RequestTimeout",
  "RequestTimeoutException",
  "InternalFailure",
  "InternalServerError",
  "ServerException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
]);
/** AWS names every error; the SDK calls one so that has no name. Somebody else answered. */
const UNNAMED = new Set(["Unknown", "UnknownError"]);
const NETWORK = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** Codes of Node's HTTP parser, of TLS and of streams: what came over the connection was not HTTP, or broke off. */
const BROKEN_CONNECTION = /^(HPE_|ERR_SSL_|ERR_TLS_|ERR_STREAM_|EPROTO$|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/;

/**
 * The answer can be read, and is about something else than was asked. Thrown by who compares the two
 * (checked-aws.ts, identity.ts).
 */
export class MismatchedAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MismatchedAnswer";
  }
}

/** Type of an error: AWS's (`name`), whatever was thrown. */
export function errorType(error: unknown): string {
  return isNativeError(error) ? error.name : typeof error;
}

/** Sorts a failed call into its kind. Pure; takes whatever was thrown. */
export function explain(error: unknown): Failure {
  const { name, message, code, status, clockCorrected } = partsOf(error);
  const type = name === "Error" || name === "AggregateError" ? (code ?? name) : name;
  const failure = (kind: FailureKind): Failure => ({ kind, type, message: message === "" ? type : message });
  if (error instanceof MismatchedAnswer) return failure("mismatched");
  if (error instanceof UnreadableAnswer) return failure(isServerError(status) ? "passing" : "unreadable");
  if (THROTTLED.has(name) || status === 429) return failure("throttled");
  // This machine's clock was wrong; the SDK has set its own right by AWS's, and signs the next call with that.
  if (clockCorrected) return failure("passing");
  if (CREDENTIALS.has(name)) return failure("credentials");
  if (DENIED.has(name)) return failure("denied");
  if (PASSING.has(name) || isNetworkCode(code) || isServerError(status)) return failure("passing");
  return failure(UNNAMED.has(name) ? "unreadable" : "other");
}

/** Whether the same call may succeed if it is simply made again. */
export function isRetryable({ kind }: Failure): boolean {
  return kind === "throttled" || kind === "passing" || kind === "unreadable" || kind === "mismatched";
}

function isServerError(status: number | undefined): boolean {
  return status !== undefined && status >= 500;
}

function isNetworkCode(code: string | undefined): boolean {
  return code !== undefined && (NETWORK.has(code) || BROKEN_CONNECTION.test(code));
}

/** Codes of connections that never came to be: nothing was sent on them. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** Whether the request never left this machine: then nothing was done for it, without any doubt. */
export function wasNeverSent(error: unknown): boolean {
  const { status, code, name, neverSent } = partsOf(error);
  if (neverSent) return true;
  if (status !== undefined) return false;
  return (code !== undefined && NEVER_SENT.has(code)) || NO_CREDENTIALS.has(name);
}

/**
 * Whether AWS says that the call did nothing: a no of its own (4xx with a name of AWS's), or the request never left this
 * machine. A broken connection, a timeout, a 5xx or an answer that can't be read say nothing; nor does a no to a
 * repetition, for the call before it may have been accepted and its answer lost. Where a wrong no would be dearly paid
 * for, it isn't believed without a look (create-deployment.ts).
 */
export function hadNoEffect(error: unknown): boolean {
  if (wasNeverSent(error)) return true;
  const { status, attempts, name } = partsOf(error);
  if (attempts !== undefined && attempts > 1) return false;
  if (error instanceof UnreadableAnswer || UNNAMED.has(name)) return false;
  return status !== undefined && status >= 400 && status < 500 && status !== 408;
}

/** What a person does about it. */
export function remedyFor(failure: Failure): string {
  switch (failure.kind) {
    case "credentials":
      return "sign in again (aws sso login, or new AWS_* variables) and check AWS_PROFILE";
    case "denied":
      return "let this identity do it: grant the action named in the message";
    case "throttled":
      return "wait a moment and try again; raise --poll-interval when it happens often";
    case "passing":
      return "check the network and AWS_ENDPOINT_URL, then try again";
    case "unreadable":
    case "mismatched":
      return "find out who answers in AWS's place: AWS_ENDPOINT_URL, a proxy, the network's login page; then try again";
    case "other":
      return "look the error up in AWS's API reference of this operation";
  }
}

interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly status?: number;
  /** How often the SDK made the call. */
  readonly attempts?: number;
  /** Whether the SDK has set its clock right, by the time in this very answer. */
  readonly clockCorrected: boolean;
  /** Whether it came before the request was sent (aws-answers.ts). */
  readonly neverSent: boolean;
}

function partsOf(error: unknown): ErrorParts {
  if (!isNativeError(error))
    return { name: typeof error, message: String(error), clockCorrected: false, neverSent: false };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  const {
    httpStatusCode: status,
    attempts,
    clockSkewCorrected,
  } = Object(metadata) as Readonly<Record<string, unknown>>;
  return {
    name: error.name,
    message: error.message,
    clockCorrected: clockSkewCorrected === true,
    neverSent: "neverSent" in error && error.neverSent === true,
    ...(code !== undefined && { code }),
    ...(typeof status === "number" && { status }),
    ...(typeof attempts === "number" && { attempts }),
  };
}
