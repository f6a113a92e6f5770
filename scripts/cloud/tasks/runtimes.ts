import { DockerRuntime } from "./docker-runtime";
import type { RuntimeOptions } from "./environment";
import type { RuntimeName, TaskRuntime } from "./part";
import { ProcessRuntime } from "./process-runtime";

/** Creates the task runtime with this name. */
export function createRuntime(name: RuntimeName, options: RuntimeOptions): TaskRuntime {
  return name === "docker" ? new DockerRuntime(options) : new ProcessRuntime(options);
}
