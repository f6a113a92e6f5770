/** The bucket could not be created or set up. The message says what was wrong and what to do next. */
export class BootstrapError extends Error {
  /** @param kind `refused` when nothing was changed yet */
  constructor(
    readonly kind: "failed" | "refused",
    message: string,
  ) {
    super(message);
    this.name = "BootstrapError";
  }
}

/** What to do next, by the name or code of the error. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /CredentialsProviderError|TokenProviderError|CredentialsError/,
    "there are no AWS credentials: set AWS_PROFILE, or log in (aws sso login, aws configure)",
  ],
  [/Expired|RequestExpired/, "the credentials have expired: log in again"],
  [
    /InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidAccessKeyId/,
    "AWS doesn't know these credentials: check AWS_PROFILE and AWS_ACCESS_KEY_ID",
  ],
  [/AccessDenied|Forbidden|403|Unauthorized/, "this identity lacks the permission: grant it, or use another identity"],
  [
    /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|TimeoutError|NetworkingError/,
    "AWS can't be reached: check the network and AWS_ENDPOINT_URL",
  ],
];

/**
 * Describes an error of a call to AWS, and what to do next. Pure.
 * @param operation the IAM action, e.g. `s3:PutBucketVersioning`
 */
export function explain(operation: string, error: unknown): string {
  const { name = "", message = String(error), code = "" } = error as { name?: string; message?: string; code?: string };
  const next =
    REMEDIES.find(([pattern]) => pattern.test(`${name} ${code}`))?.[1] ??
    "the steps after it were not done; run it again";
  return `${operation}: ${[name, message].filter((text) => text !== "" && text !== "Error").join(": ") || code}; ${next}`;
}
