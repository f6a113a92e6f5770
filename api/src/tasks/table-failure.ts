/** The database did not do what it was asked for, for now: worth another try. `cause` has the SDK's error. */
export class TableUnavailable extends Error {
  constructor(cause: unknown) {
    super("the database is not available", { cause });
    this.name = "TableUnavailable";
  }
}

/** Refusals of DynamoDB that pass (API reference, common errors and error handling). */
const PASSING: ReadonlySet<string> = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "LimitExceededException",
  "TransactionConflictException",
]);

/**
 * Tells an outage from a mistake: true when no answer came at all (network, timeout, no credentials), when DynamoDB
 * failed by itself (5xx), or when it asks for patience. A refusal of what was asked (4xx), or a
 * bug on the way there, is a mistake of ours.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return false;
  if (PASSING.has(error.name)) return true;
  const metadata = (error as { $metadata?: { httpStatusCode?: number } }).$metadata;
  const status = metadata?.httpStatusCode;
  return status === undefined || status >= 500;
}
