import type { FaultName } from "../../scripts/cloud/faults";
import type { Config } from "../../stacks/config";

type CaughtBy = Readonly<Record<FaultName, RegExp | null>>;

const LIMITS: CaughtBy = {
  error: /failed-requests/,
  slow: /slow-requests/,
  crash: /failed-requests|slow-requests/,
  unhealthy: /unhealthy-hosts/,
  exit: /failed-requests|unhealthy-hosts/,
  "broken-start": null,
};

/**
 * By preset, the alarms that may stop a release with each fault, as a pattern of the alarms' names. Null: such a version
 * never gets traffic, so no alarm fires.
 */
export const CAUGHT_BY: Readonly<Record<Config["gate"]["preset"], CaughtBy>> = {
  article: {
    error: /target-5xx/,
    slow: /response-time/,
    crash: /target-5xx|response-time/,
    unhealthy: /unhealthy-hosts/,
    exit: /connection-errors|unhealthy-hosts/,
    "broken-start": null,
  },
  balanced: LIMITS,
  strict: LIMITS,
};
