/** One statement of a policy. Default effect: Allow. */
export interface Statement {
  readonly effect?: "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/** Condition operator, then key, then values. */
type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

const VERSION = "2012-10-17";

/** A policy document with these statements, as JSON. */
export function policyDocument(...statements: readonly Statement[]): string {
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
 * A trust policy that allows only `service` to assume the role, as JSON.
 * @param accountId when set, the service may do so only on behalf of this account
 *   (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
 */
export function trustPolicy(service: string, accountId?: string): string {
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
