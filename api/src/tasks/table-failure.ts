/** The database did not do what it was asked for, for now: worth another try. `cause` has the SDK's error. */
export class TableUnavailable extends Error {
  constructor(cause: unknown) {
    super("the database is not available", { cause });
    this.name = "TableUnavailable";
  }
}

/** Refusals of DynamoDB that pass (API reference, common errors and error handling): nothing was done. */
const PASSING: ReadonlySet<string> = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "LimitExceededException",
  "TransactionConflictException",
]);

/** The SDK's names for failures before there is an answer: it gave up waiting, or got no credentials to ask with. */
const UNASKED: ReadonlySet<string> = new Set(["TimeoutError", "CredentialsProviderError"]);

/** Codes of the operating system, e.g. ECONNREFUSED; Node's own mistakes are ERR_… */
const SYSTEM_CODE = /^E(?!RR_)[A-Z_]+$/;

function statusOf(error: Error): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/**
 * Tells an outage from a mistake: true when no answer came (network, timeout, no credentials), when DynamoDB failed by
 * itself (5xx), or when it asks for patience. A refusal of what was asked (4xx), or a bug on the way there, is a
 * mistake of ours.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (PASSING.has(error.name)) return true;
  const status = statusOf(error);
  if (status !== undefined) return status >= 500;
  return UNASKED.has(error.name) || ("code" in error && SYSTEM_CODE.test(String(error.code)));
}

/** True when a write that failed so may have been done all the same. */
export function mayHaveBeenDone(error: unknown): boolean {
  return isOutage(error) && !(error instanceof Error && PASSING.has(error.name));
}

/** True when the condition of a write did not hold. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

/** True when the SDK had sent the request before, and so cannot know whether that one was done. */
export function wasRepeated(error: unknown): boolean {
  return ((error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1) > 1;
}
