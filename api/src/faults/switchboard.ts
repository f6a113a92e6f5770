import { SLOW_MS, type Fault } from "./fault";

/** What one task request is made to suffer. */
export type Misbehaviour =
  { readonly kind: "none" } | { readonly kind: "error" } | { readonly kind: "slow"; readonly ms: number };

const NONE: Misbehaviour = { kind: "none" };
const ERROR: Misbehaviour = { kind: "error" };

/**
 * Decides what a task request suffers under `fault`.
 * @param random gives numbers in [0, 1)
 */
export function misbehaviour(fault: Fault | undefined, random: () => number): Misbehaviour {
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

/** The faults in force: the one from the environment, and what the /simulate routes switch on and off. */
export class Switchboard {
  private taskFault: Fault | undefined;
  private unhealthySwitch: boolean | undefined;

  /**
   * @param fromStart fault of the whole process, from the environment
   * @param servingSeconds seconds since the service began to listen
   * @param random gives numbers in [0, 1)
   */
  constructor(
    private readonly fromStart: Fault | undefined,
    private readonly servingSeconds: () => number,
    private readonly random: () => number = Math.random,
  ) {
    this.taskFault = fromStart;
  }

  /** Turns the crash mode on; off ends every fault of task requests, also the one from the environment. */
  setCrash(on: boolean): void {
    this.taskFault = on ? { name: "crash", ms: SLOW_MS, rate: 1 } : undefined;
  }

  /** Makes health checks fail or succeed from now on, whatever the environment says. */
  setUnhealthy(on: boolean): void {
    this.unhealthySwitch = on;
  }

  /** True while health checks are to fail. */
  isUnhealthy(): boolean {
    if (this.unhealthySwitch !== undefined) return this.unhealthySwitch;
    return this.fromStart?.name === "unhealthy" && this.servingSeconds() >= this.fromStart.after;
  }

  /** What the next task request suffers. */
  nextTaskRequest(): Misbehaviour {
    return misbehaviour(this.taskFault, this.random);
  }

  /** What one request to POST /simulate/error suffers; without a mode, chance decides. */
  oneBadAnswer(mode: "error" | "slow" | undefined): Misbehaviour {
    return (mode ?? (this.random() < 0.5 ? "error" : "slow")) === "error" ? ERROR : { kind: "slow", ms: SLOW_MS };
  }
}
