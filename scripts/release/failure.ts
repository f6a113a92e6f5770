import { isNativeError } from "node:util/types";
import { UnreadableAnswer } from "../command/aws-answers";

/**
 * Kind of a failed call to AWS. Retryable are `throttled`, `transient` (a fault of the network or of AWS that passes),
 * `unreadable` (a response that can't be parsed) and `mismatched` (a response about another resource): the last two are
 * probably not from AWS. Not retryable are `credentials` and `denied`, which a person has to solve, and `other`.
 */
type FailureKind = "throttled" | "transient" | "unreadable" | "mismatched" | "credentials" | "denied" | "other";

/** A failed call. */
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
/** The SDK found no credentials to sign the request with. */
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
const TRANSIENT = new Set([
  "TimeoutError",
  "RequestTimeout",
  "RequestTimeoutException",
  "InternalFailure",
  "InternalServerError",
  "ServerException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
]);
/** The SDK's names for an error without a name. AWS names every error, so the response is not from AWS. */
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

/** Codes of Node's HTTP parser, TLS and streams: the data was not HTTP, or the connection broke. */
const BROKEN_CONNECTION = /^(HPE_|ERR_SSL_|ERR_TLS_|ERR_STREAM_|EPROTO$|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/;

/** The response can be read, but is about another resource than the request (checked-aws.ts, identity.ts). */
export class MismatchedAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MismatchedAnswer";
  }
}

/** Type of an error: AWS's error name, or the type of a thrown value that is no error. */
export function errorType(error: unknown): string {
  return isNativeError(error) ? error.name : typeof error;
}

/** The failure that a thrown value stands for. Pure; accepts any value. */
export function explain(error: unknown): Failure {
  const { name, message, code, status, clockCorrected } = partsOf(error);
  const type = name === "Error" || name === "AggregateError" ? (code ?? name) : name;
  const failure = (kind: FailureKind): Failure => ({ kind, type, message: message === "" ? type : message });
  if (error instanceof MismatchedAnswer) return failure("mismatched");
  if (error instanceof UnreadableAnswer) return failure(isServerError(status) ? "transient" : "unreadable");
  if (THROTTLED.has(name) || status === 429) return failure("throttled");
  // This machine's clock is wrong. The SDK has corrected its own by AWS's time and signs the next call with that.
  if (clockCorrected) return failure("transient");
  if (CREDENTIALS.has(name)) return failure("credentials");
  if (DENIED.has(name)) return failure("denied");
  if (TRANSIENT.has(name) || isNetworkCode(code) || isServerError(status)) return failure("transient");
  return failure(UNNAMED.has(name) ? "unreadable" : "other");
}

/** Whether the same call may succeed when it is repeated. */
export function isRetryable({ kind }: Failure): boolean {
  return kind === "throttled" || kind === "transient" || kind === "unreadable" || kind === "mismatched";
}

function isServerError(status: number | undefined): boolean {
  return status !== undefined && status >= 500;
}

function isNetworkCode(code: string | undefined): boolean {
  return code !== undefined && (NETWORK.has(code) || BROKEN_CONNECTION.test(code));
}

/** Codes of connections that were not established, so nothing was sent. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** Whether the request never left this machine, so that it certainly had no effect. */
export function wasNeverSent(error: unknown): boolean {
  const { status, code, name, neverSent } = partsOf(error);
  if (neverSent) return true;
  if (status !== undefined) return false;
  return (code !== undefined && NEVER_SENT.has(code)) || NO_CREDENTIALS.has(name);
}

/**
 * Whether the failed call had no effect: AWS refused it (4xx with one of AWS's names), or it never left this machine.
 *
 * False when nothing is known: after a broken connection, a timeout, a 5xx or an unreadable response. Also false after a
 * retry of the SDK, because the first attempt may have been accepted and its response lost. Where a wrong result would do
 * harm, the caller verifies it (create-deployment.ts).
 */
export function hadNoEffect(error: unknown): boolean {
  if (wasNeverSent(error)) return true;
  const { status, attempts, name } = partsOf(error);
  if (attempts !== undefined && attempts > 1) return false;
  if (error instanceof UnreadableAnswer || UNNAMED.has(name)) return false;
  return status !== undefined && status >= 400 && status < 500 && status !== 408;
}

/** What a person can do about the failure. */
export function remedyFor(failure: Failure): string {
  switch (failure.kind) {
    case "credentials":
      return "sign in again (aws sso login, or new AWS_* variables) and check AWS_PROFILE";
    case "denied":
      return "grant this identity the action that the message names";
    case "throttled":
      return "wait a moment and try again; raise --poll-interval when it happens often";
    case "transient":
      return "check the network and AWS_ENDPOINT_URL, then try again";
    case "unreadable":
    case "mismatched":
      return "find out what answers instead of AWS (AWS_ENDPOINT_URL, a proxy, the network's login page), then try again";
    case "other":
      return "look the error up in AWS's API reference of this operation";
  }
}

interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly status?: number;
  /** Number of attempts that the SDK made. */
  readonly attempts?: number;
  /** Whether the SDK has corrected its clock by the time in this response. */
  readonly clockCorrected: boolean;
  /** Whether the error occurred before the request was sent (aws-answers.ts). */
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
