/** A local value was given for what is no secret of the task definition. */
export class SecretsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SecretsError";
  }
}

/**
 * What to say of the task definition's secrets before any task starts; undefined without any. Pure.
 * @param names of its secrets
 * @param values local values by name
 * @throws SecretsError naming a value that no secret takes
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
    `Secrets are not read here, so tasks run without ${missing.join(", ")} (service.secrets). ` +
    `A service that needs them gets a local value for this run: --secret ${first}=VALUE.`
  );
}
