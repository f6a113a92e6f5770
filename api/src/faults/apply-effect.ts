import { Problem } from "../http/problem";
import type { FaultEffect } from "./fault-injector";

/** Resolves after this number of milliseconds. */
export type Delay = (ms: number) => Promise<void>;

/**
 * Makes the current request slow, or makes it fail.
 * @throws Problem 500 when the effect is an error
 */
export async function applyEffect(effect: FaultEffect, delay: Delay): Promise<void> {
  if (effect.kind === "error") throw new Problem(500, { detail: "A simulated failure." });
  if (effect.kind === "slow") await delay(effect.ms);
}
