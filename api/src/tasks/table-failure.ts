/** The database is temporarily not available, so a retry is useful. `cause` is the SDK's error. */
export class TableUnavailable extends Error {
  constructor(cause: unknown) {
    super("the database is not available", { cause });
    this.name = "TableUnavailable";
  }
}

/**
 * Temporary refusals of DynamoDB. It did not do the write.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const TEMPORARY: ReadonlySet<string> = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "LimitExceededException",
  "TransactionConflictException",
]);

/** The SDK's errors without a response: a timeout, or no credentials for the request. */
const NO_RESPONSE: ReadonlySet<string> = new Set(["TimeoutError", "CredentialsProviderError"]);

/** Error codes of the operating system, such as ECONNREFUSED. Node's own codes start with ERR_. */
const SYSTEM_CODE = /^E(?!RR_)[A-Z_]+$/;

function statusOf(error: Error): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/**
 * Whether the error is an outage of the database: no response (network, timeout, no credentials), a failure of DynamoDB (5xx), or
 * a temporary refusal. Other refusals (4xx) and all other errors are bugs of this service.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (TEMPORARY.has(error.name)) return true;
  const status = statusOf(error);
  if (status !== undefined) return status >= 500;
  return NO_RESPONSE.has(error.name) || ("code" in error && SYSTEM_CODE.test(String(error.code)));
}

/** Whether a write that failed with this error may have succeeded. */
export function mayHaveSucceeded(error: unknown): boolean {
  return isOutage(error) && !(error instanceof Error && TEMPORARY.has(error.name));
}

/** Whether a write failed because its condition was not true. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

/** Whether the SDK sent the request more than once, so that an earlier attempt may have succeeded. */
export function wasRetried(error: unknown): boolean {
  return ((error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1) > 1;
}
