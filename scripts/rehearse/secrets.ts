/** A local value was given for a name that is not a secret of the task definition. */
export class SecretsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SecretsError";
  }
}

/**
 * Returns a notice about the secrets that tasks will run without; undefined when every secret has a value. Pure.
 * @param names names of the task definition's secrets
 * @param values local values by name
 * @throws SecretsError when a value belongs to no secret
 */
export function secretsNotice(names: readonly string[], values: Readonly<Record<string, string>>): string | undefined {
  const unknown = Object.keys(values).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const known = names.length === 0 ? "it has no secrets" : `its secrets are ${names.join(", ")}`;
    throw new SecretsError(
      `--secret ${unknown.join(", ")}: the task definition has no secret of that name (${known}); ` +
        "correct the name, or name the secret in service.secrets of cdktf.json",
    );
  }
  const missing = names.filter((name) => !Object.hasOwn(values, name));
  const [first] = missing;
  if (first === undefined) return undefined;
  return (
    `Secrets are not read from AWS, so tasks run without ${missing.join(", ")} (service.secrets). ` +
    `If the service needs one, give it a local value for this run: --secret ${first}=VALUE.`
  );
}
