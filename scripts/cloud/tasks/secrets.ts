import { z } from "zod";

type Container = Readonly<Record<string, unknown>>;

/** The secrets of a container. A list of another shape counts as empty here; the loader refuses it. */
const secretsSchema = z.array(z.object({ name: z.string() })).catch([]);

/** Names of a task definition's variables whose values are secrets, each once. ECS reads them when a task starts. */
export function secretsOf(definition: { readonly containerDefinitions: readonly Container[] }): string[] {
  return [...new Set(definition.containerDefinitions.flatMap(secretNames))];
}

/**
 * The secrets of a container that have a local value. The local cloud has no secret store, so a task runs without the
 * others.
 * @param values local values by variable name
 */
export function localSecrets(container: Container, values: Readonly<Record<string, string>>): Record<string, string> {
  const names = new Set(secretNames(container));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

function secretNames({ secrets }: Container): string[] {
  return secretsSchema.parse(secrets).map(({ name }) => name);
}
