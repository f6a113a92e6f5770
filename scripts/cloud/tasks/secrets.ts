import { z } from "zod";

/** A container definition, as far as it matters here. */
type Container = Readonly<Record<string, unknown>>;

/** What a list of secrets looks like; what looks otherwise is for others to refuse. */
const secretsSchema = z.array(z.object({ name: z.string() })).catch([]);

/** Names of the variables of a task definition whose values ECS reads when a task starts, each once. */
export function secretsOf(definition: { readonly containerDefinitions: readonly Container[] }): string[] {
  return [...new Set(definition.containerDefinitions.flatMap(secretNames))];
}

/**
 * The secrets of a container that have a value here: the local cloud has nobody to ask for the others, and a task runs
 * without them.
 * @param values local values by name
 */
export function localSecrets(container: Container, values: Readonly<Record<string, string>>): Record<string, string> {
  const names = new Set(secretNames(container));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

function secretNames({ secrets }: Container): string[] {
  return secretsSchema.parse(secrets).map(({ name }) => name);
}
