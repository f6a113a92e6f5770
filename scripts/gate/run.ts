import { DEFAULT_SETTINGS } from "../cloud/settings";
import { DEFAULT_LATENCY, DEFAULT_RPS, type GateArguments } from "./arguments";
import { figuresOf, type TableInput, tasksOf } from "./figures";
import type { Gate } from "./gates";
import type { PerformAll } from "./pool";
import type { GateFigures, GateReport, TrafficNeeded } from "./report/types";
import { Simulation, type SimulationInput } from "./simulate";
import { alike, SubjectError } from "./subjects";

/** The goal of an environment that has none. */
export const DEFAULT_GOAL: Omit<TrafficNeeded, "rps"> = { badShare: 0.05, probability: 0.95 };

/** What an environment takes as normal, and what its gate has to catch: `gate` in the configuration. */
export interface Expectations {
  /** Share of bad requests. */
  readonly normalBadShare: number;
  /** A response that takes longer is slow. Seconds. */
  readonly slowSeconds: number;
  readonly goal?: Omit<TrafficNeeded, "rps"> | undefined;
}

/** What a simulation of gates depends on. */
export type SimulationArguments = Pick<
  GateArguments,
  "rps" | "normalBad" | "latency" | "faults" | "severities" | "watched" | "slidingWindowEndsAt" | "runs" | "seed"
>;

/**
 * Simulates gates, all with the same traffic.
 * @param perform computes the tasks, in threads or not
 * @param onProgress called after each task
 * @returns the figures in the order of the gates, and what the simulation does not have
 * @throws SubjectError for an alarm that can't be evaluated, and for a deployment config that is not known
 */
export async function simulateGates(
  gates: readonly Gate[],
  args: SimulationArguments,
  { normalBadShare, slowSeconds, goal = DEFAULT_GOAL }: Expectations,
  perform: PerformAll,
  onProgress: (done: number, all: number) => void,
  signal: AbortSignal,
): Promise<{ readonly report: GateReport; readonly notices: readonly string[] }> {
  const table: TableInput = {
    rps: args.rps ?? DEFAULT_RPS,
    faults: args.faults,
    ...(args.severities && { severities: args.severities }),
    ...(args.runs !== undefined && { runs: args.runs }),
    goal: { badShare: goal.badShare, probability: goal.probability },
  };
  const tasks = tasksOf(table);
  const groups = alike(gates);
  const figures = new Map<string, GateFigures>();
  const notices: string[] = [];
  let before = 0;
  for (const group of groups) {
    const input: SimulationInput = {
      gates: group,
      traffic: { normalBad: args.normalBad ?? normalBadShare, latency: args.latency ?? DEFAULT_LATENCY },
      slowSeconds,
      watched: args.watched,
      seed: args.seed,
      settings: { ...DEFAULT_SETTINGS, slidingWindowEndsAt: args.slidingWindowEndsAt },
    };
    notices.push(...simulationOf(input).notices);
    const onDone = (done: number) => onProgress(before + done, tasks.length * groups.length);
    const results = await perform(input, tasks, onDone, signal);
    before += tasks.length;
    const names = group.map(({ name }) => name);
    for (const one of figuresOf(names, table, tasks, results)) figures.set(one.name, one);
  }
  return { report: { gates: gates.flatMap(({ name }) => figures.get(name) ?? []) }, notices };
}

/** Prepares a simulation. @throws SubjectError for gates that can't be simulated */
export function simulationOf(input: SimulationInput): Simulation {
  try {
    return new Simulation(input);
  } catch (error) {
    throw new SubjectError(`${input.gates.map(({ name }) => name).join(", ")}: ${(error as Error).message}`);
  }
}
