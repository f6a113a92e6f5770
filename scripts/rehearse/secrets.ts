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
 * @param values.secrets local values by name, of the command line
 * @param values.local names of the variables in `rehearsal.environment`, which stand over secrets too
 * @throws SecretsError when a value belongs to no secret
 */
export function secretsNotice(
  names: readonly string[],
  { secrets, local }: { readonly secrets: Readonly<Record<string, string>>; readonly local: readonly string[] },
): string | undefined {
  const unknown = Object.keys(secrets).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const known = names.length === 0 ? "it has no secrets" : `its secrets are ${names.join(", ")}`;
    throw new SecretsError(
      `--secret ${unknown.join(", ")}: the task definition has no secret of that name (${known}); ` +
        "correct the name, or name the secret in service.secrets of cdktf.json",
    );
  }
  const missing = names.filter((name) => !Object.hasOwn(secrets, name) && !local.includes(name));
  const [first] = missing;
  if (first === undefined) return undefined;
  return (
    `Secrets are not read from AWS, so tasks run without ${missing.join(", ")} (service.secrets). ` +
    `If the service needs one, give it a local value: --secret ${first}=VALUE for this run, or the key rehearsal.environment.`
  );
}
