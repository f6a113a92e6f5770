const PARAMETER = /^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter(\/[\w.-]+)+$/;
/** A secret, or one key of its JSON in one version (`secret:name-AbCdEf:password::`). */
const SECRET = /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6})(:[^:${}%]*){0,3}$/;

/** Where the value of a secret is stored. */
export interface SecretSource {
  readonly service: "ssm" | "secretsmanager";
  /** ARN of the parameter or of the whole secret, as a policy names it. */
  readonly arn: string;
  readonly region: string;
}

/**
 * Reads a reference of `service.secrets`.
 * @returns undefined when ECS doesn't accept it
 *   (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html)
 */
export function secretSource(reference: string): SecretSource | undefined {
  const region = reference.split(":")[3] ?? "";
  if (PARAMETER.test(reference)) return { service: "ssm", arn: reference, region };
  const [, arn] = SECRET.exec(reference) ?? [];
  const parts = reference.split(":").length;
  // The ARN of a whole secret has seven parts. JSON key, stage and version follow all together, or not at all.
  return arn !== undefined && (parts === 7 || parts === 10) ? { service: "secretsmanager", arn, region } : undefined;
}
