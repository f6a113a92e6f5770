/** Why the bucket isn't made, in words for whoever runs the command: what was wrong and what to do next. */
export class BootstrapError extends Error {
  constructor(
    readonly kind: "failed" | "refused",
    message: string,
  ) {
    super(message);
    this.name = "BootstrapError";
  }
}

/** What to do next, by the name of AWS's or the SDK's error. */
const NEXT: readonly (readonly [RegExp, string])[] = [
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
 * An error of a call to AWS, in words. Pure.
 * @param operation in IAM's words, e.g. `s3:PutBucketVersioning`
 */
export function explain(operation: string, error: unknown): string {
  const { name = "", message = String(error), code = "" } = error as { name?: string; message?: string; code?: string };
  const next = NEXT.find(([pattern]) => pattern.test(`${name} ${code}`))?.[1] ?? "nothing later was done; run it again";
  return `${operation}: ${[name, message].filter((text) => text !== "" && text !== "Error").join(": ") || code}; ${next}`;
}
