import type { CloudSettings } from "../../cloud/settings";
import type { TargetGroupTemplate } from "../../cloud/template";
import type { Slowdown } from "../latency";
import type { ReleaseTimes } from "../timeline";

/** What a fault does to the requests of a version. Shares are of its requests, from 0 to 1. */
export interface Effect {
  /** Answered with 5xx. */
  readonly failed: number;
  /** Connections to a target fail. The load balancer answers 502. */
  readonly refused: number;
  /** There is no target. The load balancer answers 503 and counts the request for no target group. */
  readonly unrouted: number;
  readonly slowdown?: Slowdown;
}

/** A version that is well. */
export const WELL: Effect = { failed: 0, refused: 0, unrouted: 0 };

/** The registered tasks of a version by the result of their health checks. Tasks in their first checks are neither. */
export interface Hosts {
  readonly healthy: number;
  readonly unhealthy: number;
}

/** A fault in one release. Times are seconds after the first shift of traffic. */
export interface Fault {
  readonly beginsAt: number;
  /** The effect on the new version. */
  effectAt(second: number): Effect;
  /** The effect on the live version; absent: none. */
  liveEffectAt?(second: number): Effect;
  /** The tasks of the new version; absent: all are healthy. Undefined: none is registered. */
  hostsAt?(second: number): Hosts | undefined;
  /** When an effect changes at once, ascending. */
  readonly changes: readonly number[];
  /** The new tasks never become steady, so no traffic is shifted and CodeDeploy ends the deployment itself. */
  readonly neverShifts?: boolean;
}

/** What the effect of a fault depends on, besides its severity. */
export interface FaultSetting {
  readonly times: ReleaseTimes;
  /** Tasks of a version. */
  readonly tasks: number;
  readonly healthCheck: TargetGroupTemplate["healthCheck"];
  readonly gracePeriodSeconds: number;
  readonly settings: Pick<
    CloudSettings,
    "provisioningSeconds" | "stoppedTaskDetectionSeconds" | "unhealthyStopSeconds"
  >;
}

/** A kind of fault. */
export interface FaultModel {
  /** What is wrong, and what its severity measures. */
  readonly description: string;
  readonly unit: "share" | "seconds";
  /** The severities of the default table, ascending. */
  readonly severities: readonly number[];
  /** What shows the fault: failed requests, slow ones, or failed health checks. Undefined: it isn't the new version's. */
  readonly signal: "failed" | "slow" | "hosts" | undefined;
  /** The fault of one release. */
  of(severity: number, setting: FaultSetting): Fault;
}
