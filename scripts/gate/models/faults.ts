import type { FaultModel } from "./fault";
import { brokenLive, dependency, dependencyLater, errors, leak, oneBadTask, slow, slowTail } from "./requests";
import { crashLater, crashLoop, neverHealthy, unhealthyLater } from "./tasks";

/** Every fault by its name. With the last three, the new version is well: a gate should not stop it. */
export const FAULT_MODELS = {
  errors,
  slow,
  "slow-tail": slowTail,
  "crash-loop": crashLoop,
  "crash-later": crashLater,
  "never-healthy": neverHealthy,
  "unhealthy-later": unhealthyLater,
  leak,
  "one-bad-task": oneBadTask,
  dependency,
  "dependency-later": dependencyLater,
  "broken-live": brokenLive,
} as const satisfies Readonly<Record<string, FaultModel>>;

/** The name of a fault. */
export type FaultName = keyof typeof FAULT_MODELS;
