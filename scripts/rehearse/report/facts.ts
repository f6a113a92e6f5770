import type { AlarmTransition, Deployment } from "../../cloud/parts";
import type { Fault } from "../faults";
import type { WriteCheck } from "../traffic/check";
import type { RequestRecord } from "../traffic/traffic";

/** From `at` (simulated milliseconds since the Unix epoch) on, this percent of the traffic went to the new version. */
export interface WeightChange {
  readonly at: number;
  readonly percent: number;
}

/** Everything that was recorded in a rehearsal. Times are simulated milliseconds since the Unix epoch. */
export interface RehearsalFacts {
  /** Image reference that was released. */
  readonly image: string;
  /** What the new version answers as `x-release-version`. */
  readonly newVersion: string;
  readonly fault: Fault | undefined;
  /** The deployment config's name, e.g. ECSCanary10Percent5Minutes. */
  readonly strategy: string;
  readonly speed: number;
  /** The release command's own. */
  readonly exitCode: number;
  /** When the traffic began: second 0 of the report. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Of the whole command, in wall seconds. */
  readonly wallSeconds: number;
  readonly requests: readonly RequestRecord[];
  /** Oldest first; before the first, nothing went to the new version. */
  readonly weights: readonly WeightChange[];
  readonly alarmNames: readonly string[];
  /** Oldest first; before the first, an alarm has INSUFFICIENT_DATA. */
  readonly transitions: readonly AlarmTransition[];
  /** Average response time above which an alarm fires, simulated milliseconds; Infinity where none does. */
  readonly responseTimeThresholdMs: number;
  /** The one that the release created; undefined when it created none. */
  readonly deployment: Deployment | undefined;
  readonly writes: WriteCheck;
}
