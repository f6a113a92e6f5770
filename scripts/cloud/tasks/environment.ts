import type { Clock } from "../clock";
import { localCredentials } from "../local-credentials";
import type { ContainerDefinition } from "../template";
import type { Image } from "./part";
import { localSecrets } from "./secrets";

/** What tasks run on and with. */
export interface RuntimeOptions {
  readonly clock: Clock;
  /** Region the tasks believe to be in. */
  readonly region: string;
  /** Given to every task, over image and task definition: endpoints, e.g. AWS_ENDPOINT_URL_DYNAMODB. */
  readonly environment: Readonly<Record<string, string>>;
  /** Local values of secrets, by the names of their variables. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Called with every line that a task writes. */
  readonly onLine?: (taskId: string, line: string) => void;
  /** Called, once for each, with what is not played of a task definition, before a task of it starts. */
  readonly onNotice?: (notice: string) => void;
}

/**
 * A task's environment, but for PORT: the image's, the task definition's over it, secrets that have a local value, and over both what every task of the
 * local cloud gets whatever these say.
 */
export function taskEnvironment(
  image: Pick<Image, "environment">,
  environment: Readonly<Record<string, string>>,
  options: Pick<RuntimeOptions, "region" | "environment" | "secrets">,
  container: ContainerDefinition,
): Record<string, string> {
  return {
    ...image.environment,
    ...environment,
    ...localSecrets(container, options.secrets ?? {}),
    ...localCredentials(options.region),
    ...options.environment,
    HOST: "127.0.0.1",
  };
}
