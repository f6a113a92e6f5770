/**
 * A refused request, with AWS's error type, e.g. DeploymentLimitExceededException. The AWS endpoint sends type and
 * message.
 */
export class AwsError extends Error {
  /** @param status the HTTP status of the response */
  constructor(
    readonly type: string,
    message: string,
    readonly status: number = 400,
  ) {
    super(message);
    this.name = "AwsError";
  }
}
