/** One statement: it allows something, unless it denies it. */
export interface Statement {
  readonly effect?: "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/** Values by key by operator. */
type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

const VERSION = "2012-10-17";

/** A policy document of these statements, as JSON. */
export function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: VERSION,
    Statement: statements.map(({ effect = "Allow", actions, resources, conditions }) => ({
      Effect: effect,
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
