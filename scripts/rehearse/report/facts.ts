import type { AlarmTransition } from "../../cloud/alarms/part";
import type { Deployment } from "../../cloud/codedeploy/part";
import type { FaultName } from "../faults";
import type { WriteCheck } from "../traffic/write-check";
import type { RequestRecord } from "../traffic/traffic";

/** From `at` (simulated milliseconds since the Unix epoch) on, this percent of the traffic went to the new version. */
export interface WeightChange {
  readonly at: number;
  readonly percent: number;
}

/** One alarm, as far as it matters for what it saw. */
export interface AlarmFacts {
  readonly name: string;
  /** Names of the metrics that it reads. */
  readonly metrics: readonly string[];
  /** Whose target group it watches; undefined: neither one alone. */
  readonly watches: "old" | "new" | undefined;
  /** Whether CodeDeploy reads it during a deployment. */
  readonly inGate: boolean;
  /** When it fires, in words. */
  readonly condition: string;
  /** The value nearest to firing, or farthest beyond, that was published; undefined when none was, or it is computed. */
  readonly worst: number | undefined;
}

/** The run of the release command. */
export interface ReleaseRun {
  /** 128 and the signal's number when it was killed. */
  readonly exitCode: number;
  readonly from: number;
  readonly until: number;
}

/** Why a rehearsal says what it says. */
export interface VerdictReason {
  readonly what: string;
  /** Examples and causes, a line each. */
  readonly details: readonly string[];
}

/** Everything that was recorded in a rehearsal. Times are simulated milliseconds since the Unix epoch. */
export interface RehearsalFacts {
  /** Image reference that was released. */
  readonly image: string;
  /** What the two versions answer as `x-release-version`. */
  readonly oldVersion: string;
  readonly newVersion: string;
  readonly fault: FaultName | undefined;
  /** The deployment config's name, e.g. ECSCanary10Percent5Minutes. */
  readonly strategy: string;
  readonly speed: number;
  /** Undefined when it was not started, since version 1 answers badly: then `abortReasons` says how. */
  readonly release: ReleaseRun | undefined;
  readonly abortReasons: readonly VerdictReason[];
  /** Somebody ended it (Ctrl-C): what comes after the release was not waited for. */
  readonly interrupted: boolean;
  /** When the traffic began: second 0 of the report. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Of the whole command, in wall seconds. */
  readonly wallSeconds: number;
  readonly requests: readonly RequestRecord[];
  /** Oldest first; before the first, nothing went to the new version. */
  readonly weights: readonly WeightChange[];
  readonly alarms: readonly AlarmFacts[];
  /** Oldest first; before the first, an alarm has INSUFFICIENT_DATA. */
  readonly transitions: readonly AlarmTransition[];
  /** Requests that the load balancer sent to the new version's target group, and its unhealthy targets at the most. */
  readonly newTargetGroup: { readonly requests: number; readonly unhealthy: number };
  /** Average response time above which an alarm fires, simulated milliseconds; Infinity where none does. */
  readonly responseTimeThresholdMs: number;
  /** The one that the release created; undefined when it created none. */
  readonly deployment: Deployment | undefined;
  readonly writes: WriteCheck;
}
