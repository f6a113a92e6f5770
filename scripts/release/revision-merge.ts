import type { RawRegistration } from "./aws-port";
import type { Revision } from "./family";
import { mergeChanges, type Merge } from "./merge";
import { repositoryUrlOf } from "../command/image-reference";
import { registerInput, type EnvironmentVariable } from "./task-definition";

/** The three revisions of a merge. */
interface Sides {
  /** The owner's revision from which the live one was made. */
  readonly base: Revision;
  readonly live: Revision;
  readonly stacks: Revision;
}

/**
 * Merges the changes of the stacks into the live revision. Conflicts in the variables of `--env` are left out, because
 * the release sets these variables anyway. A variable that would become a secret too is a conflict. Pure.
 *
 * @param released container that is released, and its variables of `--env`
 */
export function mergeRevisions(
  released: { readonly container: string; readonly environment: readonly EnvironmentVariable[] },
  { base, live, stacks }: Sides,
): Merge<RawRegistration> {
  const { merged, conflicts } = mergeChanges(
    comparable(base, live, released.container),
    registerInput(live.definition, live.tags),
    comparable(stacks, live, released.container),
  );
  const given = new Set(
    released.environment.map(({ name }) => `containerDefinitions[${released.container}].environment[${name}]`),
  );
  const twice = (merged.containerDefinitions ?? []).flatMap((container) => {
    const secrets = new Set((container.secrets ?? []).map(({ name }) => name));
    const both = (container.environment ?? []).filter(({ name }) => secrets.has(name));
    return both.map(({ name, value }) => ({
      path: `containerDefinitions[${container.name ?? "?"}].secrets[${name ?? "?"}]`,
      base: undefined,
      live: `a variable (${value ?? ""})`,
      stacks: "a secret",
    }));
  });
  return {
    merged,
    conflicts: [...conflicts.filter(({ path }) => !given.has(path.replace(/\.value$/, ""))), ...twice],
  };
}

/**
 * A revision of the stacks with the live images of the service. Releases change these images and Terraform doesn't know
 * the new ones, so they must not count as differences. Pure.
 */
export function comparable(revision: Revision, live: Revision, released: string): RawRegistration {
  const input = registerInput(revision.definition, revision.tags);
  const images = new Map((live.definition.containerDefinitions ?? []).map(({ name, image }) => [name, image]));
  const service = images.get(released);
  const isService = (image: string | undefined) =>
    image !== undefined && service !== undefined && repositoryUrlOf(image) === repositoryUrlOf(service);
  return {
    ...input,
    containerDefinitions: (input.containerDefinitions ?? []).map((container) => {
      const image = images.get(container.name);
      const isReleased = container.name === released || (isService(container.image) && isService(image));
      return isReleased && image !== undefined ? { ...container, image } : container;
    }),
  };
}
