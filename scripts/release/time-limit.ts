import type { DeploymentGroupInfo, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import { shiftMinutes, type StrategyShape } from "../../stacks/config/strategies";

/** CodeDeploy fails a deployment whose new task set isn't steady after so many minutes. */
const STEADY_LIMIT_MINUTES = 60;
/** For hooks, the shift itself and the rollback, in minutes. */
const MARGIN_MINUTES = 30;
/** For a wait whose length AWS didn't tell, in minutes. */
const UNKNOWN_WAIT_MINUTES = 60;

/** What a deployment waits for on purpose; minutes. */
export interface Waits {
  readonly routing: TrafficRoutingConfig | undefined;
  /** Absent when the old task set is kept alive. */
  readonly terminationWaitMinutes?: number | undefined;
  /** How long a deployment set up to be continued by hand waits for it. */
  readonly readyWaitMinutes?: number | undefined;
}

/**
 * Minutes after which a deployment must be over, rollback included: the limit for the new tasks to become steady, the
 * strategy's own length, the waits of the group, and a margin. Always a finite number, whatever AWS left out. Pure.
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

/** The waits that a deployment group asks for, minutes; what it doesn't tell stays absent. Pure. */
export function waitsOf(group: DeploymentGroupInfo): Omit<Waits, "routing"> {
  const { terminateBlueInstancesOnDeploymentSuccess: termination, deploymentReadyOption: ready } =
    group.blueGreenDeploymentConfiguration ?? {};
  return {
    // NaN stands for "there is such a wait, of unknown length".
    terminationWaitMinutes:
      termination?.action === "KEEP_ALIVE" ? undefined : (termination?.terminationWaitTimeInMinutes ?? NaN),
    readyWaitMinutes: ready?.actionOnTimeout === "STOP_DEPLOYMENT" ? (ready.waitTimeInMinutes ?? NaN) : undefined,
  };
}

/** Minutes from the first shift of the traffic to the last one; an hour when AWS leaves out what decides it. Pure. */
export function shiftMinutesOf(routing: TrafficRoutingConfig | undefined): number {
  const shape = shapeOfRouting(routing);
  return minutesOrDefault(shape && shiftMinutes(shape));
}

/** The strategy that a routing describes; undefined for a type that is not known. A missing number is NaN. Pure. */
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

/** How traffic moves, in words, e.g. `10 % for 5 minutes, then the rest`. Pure. */
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

/** A field AWS may have left out must not become NaN: a waiter with NaN for a limit has none. Then it is an hour. Pure. */
export function minutesOrDefault(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : UNKNOWN_WAIT_MINUTES;
}
