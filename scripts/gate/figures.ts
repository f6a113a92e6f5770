import { wilson } from "./distributions";
import type { FaultModel } from "./models/fault";
import { FAULT_MODELS, type FaultName } from "./models/faults";
import type { Caught, Colour, GateFigures, TrafficNeeded } from "./report/types";
import type { CellResult, Runs, Tally } from "./simulate";
import type { Task, TaskResult } from "./work";

const COLOURS: readonly Colour[] = ["blue", "green"];

/** How precise the figures are: half of the interval of 95 %, as a share. */
const CAUGHT_RUNS: Runs = { first: 100, most: 1_600, precision: 0.03 };
const GOOD_RUNS: Runs = { first: 4_000, most: 16_000, precision: 0.000_5, relativePrecision: 0.1 };
const SEARCH_RUNS: Runs = { first: 200, most: 200, precision: 0 };

/** What a table is about. */
export interface TableInput {
  readonly rps: readonly number[];
  readonly faults: readonly FaultName[];
  /** In place of the faults' own. */
  readonly severities?: readonly number[];
  /** Releases of each cell; absent: as many as the precision needs. */
  readonly runs?: number;
  readonly goal: Omit<TrafficNeeded, "rps">;
}

/** The tasks of a table, the longest first. Their results are the input of {@link figuresOf}. */
export function tasksOf({ rps, faults, severities, runs, goal }: TableInput): readonly Task[] {
  const all = (usual: Runs): Runs => (runs === undefined ? usual : { first: runs, most: runs, precision: 0 });
  const cells = (fault: FaultName | undefined, severity: number, usual: Runs): readonly Task[] =>
    rps.flatMap((requests) =>
      COLOURS.map((colour): Task => ({
        kind: "cell",
        cell: { ...(fault !== undefined && { fault }), severity, rps: requests, colour },
        runs: all(usual),
      })),
    );
  const smallest = (fault: "errors" | "slow", requests: number): Task => ({
    kind: "smallest",
    fault,
    rps: requests,
    probability: goal.probability,
    runs: all(SEARCH_RUNS),
  });
  return [
    ...cells(undefined, 0, GOOD_RUNS),
    { kind: "traffic", goal, runs: all(SEARCH_RUNS) },
    ...rps.flatMap((requests) => [smallest("errors", requests), smallest("slow", requests)]),
    ...faults.flatMap((fault) => {
      const model: FaultModel = FAULT_MODELS[fault];
      return (severities ?? model.severities).flatMap((severity) => cells(fault, severity, CAUGHT_RUNS));
    }),
  ];
}

/** The figures of each gate. @param results in the order of the tasks */
export function figuresOf(
  names: readonly string[],
  { rps, goal }: TableInput,
  tasks: readonly Task[],
  results: readonly TaskResult[],
): readonly GateFigures[] {
  const cells = results.flatMap((result) => (result.kind === "cell" ? [result.result] : []));
  const found = (isWanted: (task: Task) => boolean, gate: number) => {
    const result = results[tasks.findIndex(isWanted)];
    return (result?.kind === "found" ? result.found[gate] : undefined) ?? null;
  };
  return names.map((name, gate) => ({
    name,
    falseStops: rps.map((requests) => {
      const good = cells.filter(({ cell }) => cell.fault === undefined && cell.rps === requests);
      const total = (count: (tally: Tally) => number) =>
        good.reduce((sum, { gates }) => sum + (gates[gate] ? count(gates[gate]) : 0), 0);
      return {
        rps: requests,
        ...wilson(
          total((tally) => tally.beforeOldIsGone),
          total((tally) => tally.releases),
        ),
      };
    }),
    caught: cells.flatMap((result) => caughtOf(result, gate)),
    smallestCaught: rps.map((requests) => {
      const of = (fault: "errors" | "slow") =>
        found((task) => task.kind === "smallest" && task.fault === fault && task.rps === requests, gate);
      return { rps: requests, errorShare: of("errors"), slowdownSeconds: of("slow") };
    }),
    trafficNeeded: { ...goal, rps: found(({ kind }) => kind === "traffic", gate) },
  }));
}

function caughtOf({ cell, gates }: CellResult, gate: number): readonly Caught[] {
  const { fault, severity, rps, colour } = cell;
  const tally = gates[gate];
  if (fault === undefined || !tally) return [];
  const { releases, secondsToRollback: seconds } = tally;
  return [
    {
      fault,
      severity,
      rps,
      colour,
      beforeLastShift: wilson(tally.beforeLastShift, releases),
      beforeOldIsGone: wilson(tally.beforeOldIsGone, releases),
      oracle: tally.oracle / releases,
      secondsToRollback: { median: quantile(seconds, 0.5), p95: quantile(seconds, 0.95) },
      failedRequests: tally.failedRequests / releases,
    },
  ];
}

/** A quantile of ascending numbers; null without any. */
function quantile(ascending: readonly number[], share: number): number | null {
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? null;
}
