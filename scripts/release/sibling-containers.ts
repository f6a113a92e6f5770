import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { RawRegistration } from "./aws-port";
import { repositoryUrlOf } from "../command/image-reference";

/** A container that runs an image of the released container's repository, but keeps it in this release. */
export interface UnchangedContainer {
  readonly container: string;
  readonly image: string;
  /** Whether it runs the same image as the released container did; otherwise it runs another of the repository. */
  readonly isSame: boolean;
}

/**
 * The other containers that run an image of the released container's repository and keep it. Pure.
 *
 * @param changed names of the containers that get the new image
 */
export function unchangedContainers(
  { containerDefinitions: containers = [] }: Pick<RawRegistration, "containerDefinitions">,
  released: string,
  changed: readonly string[],
): readonly UnchangedContainer[] {
  const image = imageOf(containers.find(({ name }) => name === released));
  if (image === undefined) return [];
  return containers.flatMap((container) => {
    const its = imageOf(container);
    const { name } = container;
    if (its === undefined || name === undefined || name === released || changed.includes(name)) return [];
    return repositoryUrlOf(its) === repositoryUrlOf(image)
      ? [{ container: name, image: its, isSame: its === image }]
      : [];
  });
}

/** A text about a container that keeps its image, and how to give it the new one. Pure. */
export function unchangedContainerText({ container, image, isSame }: UnchangedContainer): string {
  const what = isSame ? `runs the same image as the released one and stays on it` : `stays on ${image}`;
  return `container ${container} ${what}: --container ${container} gives it the new image too`;
}

/** Why one of these containers can't get the new image; undefined when all can. Pure. */
export function foreignImage(
  { containerDefinitions: containers = [] }: Pick<RawRegistration, "containerDefinitions">,
  released: string,
  wanted: readonly string[],
): string | undefined {
  const image = imageOf(containers.find(({ name }) => name === released));
  for (const name of wanted) {
    const its = imageOf(containers.find((container) => container.name === name));
    if (its === undefined || image === undefined || repositoryUrlOf(its) === repositoryUrlOf(image)) continue;
    return `container ${name} runs ${its}, which is not an image of ${repositoryUrlOf(image)}: it would run another program`;
  }
  return undefined;
}

function imageOf(container: ContainerDefinition | undefined): string | undefined {
  return container?.image === "" ? undefined : container?.image;
}
