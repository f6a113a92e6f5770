import { SLOW_MS, type Fault } from "./fault";

/** The effect of a fault on one request. */
export type FaultEffect =
  { readonly kind: "none" } | { readonly kind: "error" } | { readonly kind: "slow"; readonly ms: number };

const NONE: FaultEffect = { kind: "none" };
const ERROR: FaultEffect = { kind: "error" };

/**
 * Decides the effect of a fault on one task request.
 * @param random gives numbers in [0, 1)
 */
export function effectOf(fault: Fault | undefined, random: () => number): FaultEffect {
  switch (fault?.name) {
    case "error":
      return random() < fault.rate ? ERROR : NONE;
    case "slow":
      return random() < fault.rate ? { kind: "slow", ms: fault.ms } : NONE;
    case "crash":
      if (random() >= fault.rate) return NONE;
      return random() < 0.5 ? ERROR : { kind: "slow", ms: fault.ms };
    // These faults leave task requests alone.
    case "unhealthy":
    case "exit":
    case "broken-start":
    case undefined:
      return NONE;
  }
}

/** The active faults: the one from the environment, and those that the /simulate routes switch on and off. */
export class FaultInjector {
  private taskFault: Fault | undefined;
  private unhealthySwitch: boolean | undefined;

  /**
   * @param fromStart fault from the environment
   * @param servingSeconds gives the seconds since the service began to listen
   * @param random gives numbers in [0, 1)
   */
  constructor(
    private readonly fromStart: Fault | undefined,
    private readonly servingSeconds: () => number,
    private readonly random: () => number = Math.random,
  ) {
    this.taskFault = fromStart;
  }

  /** Switches `crash` on. Off ends all faults of task requests, also the one from the environment. */
  setCrash(on: boolean): void {
    this.taskFault = on ? { name: "crash", ms: SLOW_MS, rate: 1 } : undefined;
  }

  /** Makes health checks fail or succeed from now on. Overrides the fault from the environment. */
  setUnhealthy(on: boolean): void {
    this.unhealthySwitch = on;
  }

  /** Whether health checks must fail now. */
  isUnhealthy(): boolean {
    if (this.unhealthySwitch !== undefined) return this.unhealthySwitch;
    return this.fromStart?.name === "unhealthy" && this.servingSeconds() >= this.fromStart.after;
  }

  /** Decides the effect on the next task request. */
  effectOnTaskRequest(): FaultEffect {
    return effectOf(this.taskFault, this.random);
  }

  /** Decides the effect on a request to POST /simulate/error. Without a mode, the choice is random. */
  effectOnErrorRoute(mode: "error" | "slow" | undefined): FaultEffect {
    return (mode ?? (this.random() < 0.5 ? "error" : "slow")) === "error" ? ERROR : { kind: "slow", ms: SLOW_MS };
  }
}
