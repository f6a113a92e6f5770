import type { Config } from "./schema";

/** The names that ECS allows for containers (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html). */
export const CONTAINER_NAME = {
  pattern: /^[\w-]{1,255}$/,
  allowed: "a container's name: at most 255 letters, digits, - and _",
} as const;

/** Name of the container that gets the requests: `service.container`, else the last part of `service.source`. */
export function containerName({ container, source }: Pick<Config["service"], "container" | "source">): string {
  return container ?? source.split("/").at(-1) ?? source;
}
