import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { RawRegistration } from "./aws-port";

/** A container that runs an image of the released container's repository and does not get the new one. */
export interface UnchangedContainer {
  readonly container: string;
  readonly image: string;
  /** It runs the very image that the released container had; else another one of the repository. */
  readonly isSame: boolean;
}

/** The repository of an image reference: without tag and digest. A port of the registry is no tag. Pure. */
export function repositoryOf(image: string): string {
  const name = image.replace(/@.*$/, "");
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}

/**
 * The containers beside the released one that run an image of its repository and are not taken along. Pure.
 *
 * @param taken names of the containers that get the new image
 */
export function unchangedContainers(
  { containerDefinitions: containers = [] }: Pick<RawRegistration, "containerDefinitions">,
  released: string,
  taken: readonly string[],
): readonly UnchangedContainer[] {
  const image = imageOf(containers.find(({ name }) => name === released));
  if (image === undefined) return [];
  return containers.flatMap((container) => {
    const its = imageOf(container);
    const { name } = container;
    if (its === undefined || name === undefined || name === released || taken.includes(name)) return [];
    return repositoryOf(its) === repositoryOf(image) ? [{ container: name, image: its, isSame: its === image }] : [];
  });
}

/** Says which container stays behind, and how to take it along. Pure. */
export function unchangedContainerText({ container, image, isSame }: UnchangedContainer): string {
  const what = isSame ? `runs the same image as the released one and stays on it` : `stays on ${image}`;
  return `container ${container} ${what}: --container ${container} gives it the new image too`;
}

/** A container that can't be taken along, with the reason; undefined: all can. Pure. */
export function foreignImage(
  { containerDefinitions: containers = [] }: Pick<RawRegistration, "containerDefinitions">,
  released: string,
  wanted: readonly string[],
): string | undefined {
  const image = imageOf(containers.find(({ name }) => name === released));
  for (const name of wanted) {
    const its = imageOf(containers.find((container) => container.name === name));
    if (its === undefined || image === undefined || repositoryOf(its) === repositoryOf(image)) continue;
    return `container ${name} runs ${its}, which is no image of ${repositoryOf(image)}: it would run another program`;
  }
  return undefined;
}

function imageOf(container: ContainerDefinition | undefined): string | undefined {
  return container?.image === "" ? undefined : container?.image;
}
