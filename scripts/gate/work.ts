import type { TrafficNeeded } from "./report/types";
import { smallestCaught, trafficNeeded } from "./search";
import type { Cell, CellResult, Runs, Simulation } from "./simulate";

/** A part of a table that is computed by itself. It is plain data, so a worker thread can take it. */
export type Task =
  | { readonly kind: "cell"; readonly cell: Cell; readonly runs: Runs }
  | {
      readonly kind: "smallest";
      readonly fault: "errors" | "slow";
      readonly rps: number;
      readonly probability: number;
      readonly runs: Runs;
    }
  | { readonly kind: "traffic"; readonly goal: Omit<TrafficNeeded, "rps">; readonly runs: Runs };

/** The result of a task: of a cell, or what a search found for each gate. */
export type TaskResult =
  | { readonly kind: "cell"; readonly result: CellResult }
  | { readonly kind: "found"; readonly found: readonly (number | null)[] };

/** Computes a task. The result depends on the simulation and the task alone. */
export function perform(simulation: Simulation, task: Task): TaskResult {
  switch (task.kind) {
    case "cell":
      return { kind: "cell", result: simulation.run(task.cell, task.runs) };
    case "smallest":
      return {
        kind: "found",
        found: smallestCaught(simulation, task.fault, task.rps, task.probability, task.runs),
      };
    case "traffic":
      return { kind: "found", found: trafficNeeded(simulation, task.goal, task.runs) };
  }
}
