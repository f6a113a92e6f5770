/** One statement that allows something. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const VERSION = "2012-10-17";

/** A policy document that allows what the statements say, as JSON. */
export function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: VERSION,
    Statement: statements.map(({ actions, resources, conditions }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(conditions ? { Condition: conditions } : {}),
    })),
  });
}

/**
 * A trust policy: only `service` may take the role on.
 * @param accountId when set, only on behalf of this account, so that nobody else's resources can make it do so
 */
export function trust(service: string, accountId?: string): string {
  return JSON.stringify({
    Version: VERSION,
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(accountId === undefined ? {} : { Condition: { StringEquals: { "aws:SourceAccount": accountId } } }),
      },
    ],
  });
}
