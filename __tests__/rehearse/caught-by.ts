import type { FaultName } from "../../scripts/cloud/faults";

/**
 * The alarms that may stop a release with each fault, as a pattern of the alarms' names. Null: such a version never gets
 * traffic, so no alarm fires.
 */
export const CAUGHT_BY: Readonly<Record<FaultName, RegExp | null>> = {
  error: /target-5xx/,
  slow: /response-time/,
  crash: /target-5xx|response-time/,
  unhealthy: /unhealthy-hosts/,
  exit: /connection-errors|unhealthy-hosts/,
  "broken-start": null,
};
