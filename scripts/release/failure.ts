/**
 * What kind of failure a call to AWS met. `throttled` and `passing` are worth another try; `credentials` and `denied`
 * are not, and name what a person has to do.
 */
export type FailureKind = "throttled" | "passing" | "credentials" | "denied" | "other";

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
  "CredentialsProviderError",
  "TokenProviderError",
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

/** Type of an error: AWS's (`name`), whatever was thrown. */
export function errorType(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** Sorts a failed call into its kind. Pure; takes whatever was thrown. */
export function explain(error: unknown): Failure {
  const { name, message, code, status } = partsOf(error);
  const type = name === "Error" || name === "AggregateError" ? (code ?? name) : name;
  const failure = (kind: FailureKind): Failure => ({ kind, type, message: message === "" ? type : message });
  if (THROTTLED.has(name) || status === 429) return failure("throttled");
  if (CREDENTIALS.has(name)) return failure("credentials");
  if (DENIED.has(name)) return failure("denied");
  if (PASSING.has(name) || (code !== undefined && NETWORK.has(code)) || (status !== undefined && status >= 500)) {
    return failure("passing");
  }
  return failure("other");
}

/** Whether the same call may succeed if it is simply made again. */
export function isWorthAnotherTry(failure: Failure): boolean {
  return failure.kind === "throttled" || failure.kind === "passing";
}

/** Codes of connections that never came to be: nothing was sent on them. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/**
 * Whether this failure proves that the call did nothing: AWS itself said no (4xx, whatever the error's type), or the
 * request never left this machine. A broken connection, a timeout, a 5xx or an answer that can't be read prove nothing;
 * nor does a no to a repetition, for the call before it may have been accepted and its answer lost.
 */
export function didNothing(error: unknown): boolean {
  const { status, attempts, code } = partsOf(error);
  if (attempts !== undefined && attempts > 1) return false;
  if (status !== undefined) return status >= 400 && status < 500 && status !== 408;
  return (code !== undefined && NEVER_SENT.has(code)) || explain(error).kind === "credentials";
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
}

function partsOf(error: unknown): ErrorParts {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  const { httpStatusCode: status, attempts } = Object(metadata) as Readonly<Record<string, unknown>>;
  return {
    name: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(typeof status === "number" && { status }),
    ...(typeof attempts === "number" && { attempts }),
  };
}
