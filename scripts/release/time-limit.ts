import type { DeploymentGroupInfo, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import { shiftMinutes, type StrategyShape } from "../../stacks/config/strategies";

/** Minutes after which CodeDeploy fails a deployment whose new task set is not steady. */
const STEADY_LIMIT_MINUTES = 60;
/** Allowance for hooks, the shift itself and the rollback, in minutes. */
const MARGIN_MINUTES = 30;
/** Assumed length of a wait that AWS doesn't return, in minutes. */
const UNKNOWN_WAIT_MINUTES = 60;

/** Planned waits of a deployment, in minutes. */
export interface Waits {
  readonly routing: TrafficRoutingConfig | undefined;
  /** Wait before the old task set is deleted; absent when it is kept. */
  readonly terminationWaitMinutes?: number | undefined;
  /** How long the deployment waits for a person to continue it; absent when it doesn't wait. */
  readonly readyWaitMinutes?: number | undefined;
}

/**
 * Minutes after which a deployment must be over, including a rollback: the limit for the new tasks to become steady, the
 * length of the shift, the waits of the group, and a margin. Always finite, even when AWS leaves out a wait. Pure.
 */
export function timeLimitMinutes(waits: Waits): number {
  return (
    STEADY_LIMIT_MINUTES +
    shiftMinutesOf(waits.routing) +
    minutesOrDefault(waits.readyWaitMinutes ?? 0) +
    minutesOrDefault(waits.terminationWaitMinutes ?? 0) +
    MARGIN_MINUTES
  );
}

/** The waits of a deployment group, in minutes; NaN for a wait of unknown length. Pure. */
export function waitsOf(group: DeploymentGroupInfo): Omit<Waits, "routing"> {
  const { terminateBlueInstancesOnDeploymentSuccess: termination, deploymentReadyOption: ready } =
    group.blueGreenDeploymentConfiguration ?? {};
  return {
    terminationWaitMinutes:
      termination?.action === "KEEP_ALIVE" ? undefined : (termination?.terminationWaitTimeInMinutes ?? NaN),
    readyWaitMinutes: ready?.actionOnTimeout === "STOP_DEPLOYMENT" ? (ready.waitTimeInMinutes ?? NaN) : undefined,
  };
}

/** Minutes from the first shift of traffic to the last one; an hour when AWS leaves out a number. Pure. */
export function shiftMinutesOf(routing: TrafficRoutingConfig | undefined): number {
  const shape = shapeOfRouting(routing);
  return minutesOrDefault(shape && shiftMinutes(shape));
}

/** The strategy of a routing; undefined for an unknown type. A missing number is NaN. Pure. */
function shapeOfRouting(routing: TrafficRoutingConfig | undefined): StrategyShape | undefined {
  const { timeBasedCanary: canary, timeBasedLinear: linear } = routing ?? {};
  switch (routing?.type) {
    case "AllAtOnce":
      return { type: "all-at-once" };
    case "TimeBasedCanary":
      return {
        type: "canary",
        percentage: canary?.canaryPercentage ?? NaN,
        intervalMinutes: canary?.canaryInterval ?? NaN,
      };
    case "TimeBasedLinear":
      return {
        type: "linear",
        percentage: linear?.linearPercentage ?? NaN,
        intervalMinutes: linear?.linearInterval ?? NaN,
      };
    default:
      return undefined;
  }
}

/** A text about how traffic moves, e.g. `10 % for 5 minutes, then the rest`. Pure. */
export function describeRouting(routing: TrafficRoutingConfig | undefined): string {
  const { timeBasedCanary: canary, timeBasedLinear: linear } = routing ?? {};
  if (routing?.type === "TimeBasedCanary" && canary) {
    return `${canary.canaryPercentage ?? "?"} % for ${canary.canaryInterval ?? "?"} minutes, then the rest`;
  }
  if (routing?.type === "TimeBasedLinear" && linear) {
    return `${linear.linearPercentage ?? "?"} % more every ${linear.linearInterval ?? "?"} minutes`;
  }
  return routing?.type === "AllAtOnce" ? "all traffic at once" : "an unknown way of moving traffic";
}

/** The minutes, or an hour when they are not known. A time limit of NaN would never be reached. Pure. */
export function minutesOrDefault(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : UNKNOWN_WAIT_MINUTES;
}
