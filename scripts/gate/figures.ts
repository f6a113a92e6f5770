import { wilson } from "./distributions";
import type { FaultModel } from "./models/fault";
import { FAULT_MODELS, type FaultName } from "./models/faults";
import { type Caught, type Colour, DAYS, type GateFigures, type HourCaught, type TrafficNeeded } from "./report/types";
import type { CellResult, Runs, Tally } from "./simulate";
import { factorOfHour, isWeekly, type StartWindow, startHours, type TrafficProfile } from "./traffic-profile";
import type { Task, TaskResult } from "./work";

const COLOURS: readonly Colour[] = ["blue", "green"];
const DAY_HOURS = 24;

/** How precise the figures are: half of the interval of 95 %, as a share. */
const CAUGHT_RUNS: Runs = { first: 100, most: 1_600, precision: 0.03 };
const GOOD_RUNS: Runs = { first: 4_000, most: 16_000, precision: 0.000_5, relativePrecision: 0.1 };
const SEARCH_RUNS: Runs = { first: 200, most: 200, precision: 0 };
const HOUR_RUNS: Runs = { first: 100, most: 800, precision: 0.03 };

/** What a table is about. */
export interface TableInput {
  readonly rps: readonly number[];
  readonly faults: readonly FaultName[];
  /** In place of the faults' own. */
  readonly severities?: readonly number[];
  /** Releases of each cell; absent: as many as the precision needs. */
  readonly runs?: number;
  readonly goal: Omit<TrafficNeeded, "rps">;
  /** Absent: the traffic is always the same, and there are no figures by hour. */
  readonly profile?: TrafficProfile | undefined;
  /** When releases begin to shift their traffic. Absent: at any time. */
  readonly start?: StartWindow | undefined;
}

/** The tasks of a table, the longest first. Their results are the input of {@link figuresOf}. */
export function tasksOf(table: TableInput): readonly Task[] {
  const { rps, faults, severities, runs, goal, profile, start } = table;
  const all = (usual: Runs): Runs => (runs === undefined ? usual : { first: runs, most: runs, precision: 0 });
  const cells = (fault: FaultName | undefined, severity: number, usual: Runs, hour?: number): readonly Task[] =>
    rps.flatMap((requests) =>
      COLOURS.map((colour): Task => ({
        kind: "cell",
        cell: {
          ...(fault !== undefined && { fault }),
          severity,
          rps: requests,
          colour,
          ...(hour !== undefined && { hour }),
        },
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
    ...(profile ? startHours(profile, start) : []).flatMap((hour) => cells("errors", goal.badShare, HOUR_RUNS, hour)),
  ];
}

/** The figures of each gate. @param results in the order of the tasks */
export function figuresOf(
  names: readonly string[],
  { rps, goal, profile }: TableInput,
  tasks: readonly Task[],
  results: readonly TaskResult[],
): readonly GateFigures[] {
  const all = results.flatMap((result) => (result.kind === "cell" ? [result.result] : []));
  const cells = all.filter(({ cell }) => cell.hour === undefined);
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
    ...(profile && { byHour: byHourOf(all, gate, profile) }),
  }));
}

/** What a gate catches of the goal's errors, by the hour in which releases begin; both colours together. */
function byHourOf(cells: readonly CellResult[], gate: number, profile: TrafficProfile): readonly HourCaught[] {
  const found = new Map<string, { hour: number; rps: number; caught: number; releases: number }>();
  for (const { cell, gates } of cells) {
    const tally = gates[gate];
    if (cell.hour === undefined || !tally) continue;
    const key = `${cell.hour} ${cell.rps}`;
    const sums = found.get(key) ?? { hour: cell.hour, rps: cell.rps, caught: 0, releases: 0 };
    found.set(key, sums);
    sums.caught += tally.beforeLastShift;
    sums.releases += tally.releases;
  }
  return [...found.values()].map(({ hour, rps, caught, releases }) => ({
    ...(isWeekly(profile) && { day: DAYS[Math.floor(hour / DAY_HOURS)] }),
    hour: hour % DAY_HOURS,
    rps,
    requestsPerSecond: rps * factorOfHour(profile, hour),
    beforeLastShift: wilson(caught, releases),
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
