import type { GateFigures } from "./types";

/** The oracle of gates whose releases are alike. */
export interface OracleOf {
  /** `oracle`; with several of them, whose it is. */
  readonly name: string;
  /** A gate that has its figures. */
  readonly gate: GateFigures;
}

/**
 * The oracles of gates: one for all, unless their releases differ, as with other strategies. What the best judge catches
 * depends on the release, and not on the alarms.
 */
export function oraclesOf(gates: readonly GateFigures[]): readonly OracleOf[] {
  const groups = new Map<number, GateFigures>();
  for (const gate of gates) {
    const { releaseGroup = 0 } = gate;
    if (!groups.has(releaseGroup)) groups.set(releaseGroup, gate);
  }
  const all = [...groups.values()];
  return all.map((gate) => ({ name: all.length === 1 ? "oracle" : `oracle: ${gate.name}`, gate }));
}
