import type { StrategyShape } from "../../stacks/config/strategies";

/** A canary: a first share in percent, then all after a wait. */
export function canary(percentage: number, intervalMinutes: number): StrategyShape {
  return { type: "canary", percentage, intervalMinutes };
}

/** Equal steps in percent. */
export function linear(percentage: number, intervalMinutes: number): StrategyShape {
  return { type: "linear", percentage, intervalMinutes };
}
