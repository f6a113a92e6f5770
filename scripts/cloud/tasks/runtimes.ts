import type { TaskRuntime } from "../parts";
import { DockerRuntime } from "./docker-runtime";
import type { RuntimeOptions } from "./environment";
import { ProcessRuntime } from "./process-runtime";

/** What tasks can be made of: processes of this machine, or containers of its Docker. */
export const RUNTIMES = ["process", "docker"] as const;
/** One of them. */
export type RuntimeName = (typeof RUNTIMES)[number];

/** Makes the runtime of that name. */
export function createRuntime(name: RuntimeName, options: RuntimeOptions): TaskRuntime {
  return name === "docker" ? new DockerRuntime(options) : new ProcessRuntime(options);
}
