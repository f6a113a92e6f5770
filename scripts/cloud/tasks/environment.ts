import type { Clock } from "../clock";
import { localCredentials } from "../local-credentials";
import type { ContainerDefinition } from "../template";
import type { Image } from "./part";
import { localSecrets } from "./secrets";

/** Dependencies and settings of a task runtime. */
export interface RuntimeOptions {
  readonly clock: Clock;
  /** The region that tasks see. */
  readonly region: string;
  /** Variables of every task, which override image, task definition and secrets, e.g. AWS_ENDPOINT_URL_DYNAMODB. */
  readonly environment: Readonly<Record<string, string>>;
  /** Local values of secrets, by variable name. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Called with every line of a task's output. */
  readonly onLine?: (taskId: string, line: string) => void;
  /** Called once for each setting of a task definition that the runtime does not support, before the task starts. */
  readonly onNotice?: (notice: string) => void;
}

/**
 * A task's environment without PORT. In order of precedence, the lowest first: the image's variables, the task
 * definition's, secrets with a local value, and the variables that every task of the local cloud gets.
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
