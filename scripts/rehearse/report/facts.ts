import type { AlarmTransition } from "../../cloud/alarms/part";
import type { Deployment } from "../../cloud/codedeploy/part";
import type { FaultName } from "../../cloud/faults";
import type { MissingData } from "../alarm-data";
import type { FaultPlayer } from "../faults";
import type { WriteCheck } from "../traffic-module";
import type { RequestRecord } from "../traffic/generator";

/** From `at` (simulated milliseconds since the Unix epoch), this percentage of the traffic went to the new version. */
export interface WeightChange {
  readonly at: number;
  readonly percent: number;
}

/** What an alarm watches, and the values that it evaluated. */
export interface AlarmFacts {
  readonly name: string;
  /** Names of the metrics that the alarm reads. */
  readonly metrics: readonly string[];
  /** The version whose target group the alarm watches; undefined when it watches both or neither. */
  readonly watches: "old" | "new" | undefined;
  /** Whether CodeDeploy reads the alarm during a deployment. */
  readonly inGate: boolean;
  /** The data that it lacks in the local cloud; undefined when it lacks none. */
  readonly missing: MissingData | undefined;
  /** The condition on which the alarm fires, in words. */
  readonly condition: string;
  /** The value closest to the threshold or farthest beyond it; undefined without data. */
  readonly worst: number | undefined;
}

/** A run of the release command. */
export interface ReleaseRun {
  /** 128 plus the signal's number when the command was killed. */
  readonly exitCode: number;
  readonly from: number;
  readonly until: number;
}

/** A reason for a verdict. */
export interface VerdictReason {
  readonly what: string;
  /** Examples and causes, one line each. */
  readonly details: readonly string[];
}

/** Everything that was recorded in a rehearsal. Times are simulated milliseconds since the Unix epoch. */
export interface RehearsalFacts {
  /** Reference of the released image. */
  readonly image: string;
  /** The names of the two versions in `RequestRecord.version`. */
  readonly oldVersion: string;
  readonly newVersion: string;
  readonly fault: FaultName | undefined;
  /** Share of the requests that both versions fail as background, 0 to below 1. */
  readonly background: number;
  /** Share of the requests that version 1 fails, above 0 to 1; undefined: none. */
  readonly liveFault: number | undefined;
  /** Who played the fault. */
  readonly faultsBy: FaultPlayer;
  /** The deployment config's name, e.g. ECSCanary10Percent5Minutes. */
  readonly strategy: string;
  readonly speed: number;
  /** Undefined when the release was not started; `abortReasons` then says why. */
  readonly release: ReleaseRun | undefined;
  /** Why version 1 is no usable baseline; empty when it is. */
  readonly abortReasons: readonly VerdictReason[];
  /** The user interrupted the rehearsal (Ctrl-C), so the traffic after the release was not recorded in full. */
  readonly interrupted: boolean;
  /** When the traffic started: second 0 of the report. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Duration of the whole command, in wall seconds. */
  readonly wallSeconds: number;
  readonly requests: readonly RequestRecord[];
  /** Oldest first. Before the first change, the new version has no traffic. */
  readonly weights: readonly WeightChange[];
  readonly alarms: readonly AlarmFacts[];
  /** Names of alarms of the deployment group that are not played. */
  readonly leftOutAlarms: readonly string[];
  /** What AWS has and this rehearsal doesn't play, one sentence each. */
  readonly notPlayed: readonly string[];
  /** Oldest first. Before its first transition, an alarm is in INSUFFICIENT_DATA. */
  readonly transitions: readonly AlarmTransition[];
  /** The new version's target group: requests that it got, and the highest number of unhealthy targets. */
  readonly newTargetGroup: { readonly requests: number; readonly unhealthy: number };
  /** Response time above which an alarm fires or counts an answer, in simulated milliseconds; Infinity without such an alarm. */
  readonly responseTimeThresholdMs: number;
  /** The deployment that the release created; undefined when it created none. */
  readonly deployment: Deployment | undefined;
  /** Undefined when the traffic has no check of writes. */
  readonly writes: WriteCheck | undefined;
}
