/** A refusal with AWS's error type, e.g. DeploymentLimitExceededException; the wire passes both on. */
export class AwsError extends Error {
  constructor(
    readonly type: string,
    message: string,
    /** HTTP status. */
    readonly status: number = 400,
  ) {
    super(message);
    this.name = "AwsError";
  }
}
