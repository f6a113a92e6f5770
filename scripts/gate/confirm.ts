import { wilson } from "./distributions";
import type { PerformAll } from "./pool";
import type { Simulated } from "./recommend";
import type { Colour, RecommendationGoal } from "./report/types";
import { simulationOf } from "./run";
import type { Runs, SimulationInput, Tally } from "./simulate";
import type { Task } from "./work";

const COLOURS: readonly Colour[] = ["blue", "green"];
/** Releases to each target group: bad ones, and good ones. */
const RUNS = { bad: 1_000, good: 4_000 };

/**
 * Simulates whether a gate reaches a goal, in both colour directions together.
 * @param input with one gate, and another seed than that of other figures
 * @param runs releases to each target group
 * @throws SubjectError for a gate that can't be simulated; as `perform` does
 */
export async function confirm(
  input: SimulationInput,
  { badShare, falseStops, probability, rps }: RecommendationGoal,
  perform: PerformAll,
  onDone: (done: number) => void,
  signal: AbortSignal,
  runs = RUNS,
): Promise<NonNullable<Simulated>> {
  simulationOf(input);
  const exactly = (releases: number): Runs => ({ first: releases, most: releases, precision: 0 });
  const good = COLOURS.map((colour): Task => ({
    kind: "cell",
    cell: { severity: 0, rps, colour },
    runs: exactly(runs.good),
  }));
  const bad = COLOURS.map((colour): Task => ({
    kind: "cell",
    cell: { fault: "errors", severity: badShare, rps, colour },
    runs: exactly(runs.bad),
  }));
  const results = await perform(input, [...good, ...bad], onDone, signal);
  const shareOf = (isFaulty: boolean, count: (tally: Tally) => number) => {
    const tallies = results.flatMap((result) =>
      result.kind === "cell" && (result.result.cell.fault !== undefined) === isFaulty ? result.result.gates : [],
    );
    const total = (of: (tally: Tally) => number) => tallies.reduce((sum, tally) => sum + of(tally), 0);
    return wilson(
      total(count),
      total((tally) => tally.releases),
    );
  };
  const found = {
    caught: shareOf(true, (tally) => tally.beforeLastShift),
    falseStops: shareOf(false, (tally) => tally.beforeOldIsGone),
  };
  return { ...found, reached: found.caught.share >= probability && found.falseStops.share <= falseStops };
}
