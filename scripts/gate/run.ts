import { type CloudSettings, DEFAULT_SETTINGS } from "../cloud/settings";
import { DEFAULT_RPS, type GateArguments } from "./arguments";
import { DEFAULT_LATENCY } from "./option-values";
import { figuresOf, type TableInput, tasksOf } from "./figures";
import { type Gate, isUnknown, prepareGate, rollsBack, type WatchedAlarms } from "./gates";
import type { PerformAll } from "./pool";
import type { GateFigures, GateReport, TrafficNeeded, UnknownGate } from "./report/types";
import { Simulation, type SimulationInput } from "./simulate";
import { alike, SubjectError } from "./subjects";
import { timeOfDay, type TrafficProfile } from "./traffic-profile";

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
  | "rps"
  | "normalBad"
  | "latency"
  | "start"
  | "faults"
  | "severities"
  | "watched"
  | "slidingWindowEndsAt"
  | "runs"
  | "seed"
> & {
  /** Absent: the traffic is always the same. */
  readonly trafficProfile?: TrafficProfile | undefined;
};

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
  const { trafficProfile: profile, start } = args;
  const table: TableInput = {
    rps: args.rps ?? DEFAULT_RPS,
    faults: args.faults,
    ...(args.severities && { severities: args.severities }),
    ...(args.runs !== undefined && { runs: args.runs }),
    goal: { badShare: goal.badShare, probability: goal.probability },
    profile,
    start,
  };
  const tasks = tasksOf(table);
  const settings: CloudSettings = { ...DEFAULT_SETTINGS, slidingWindowEndsAt: args.slidingWindowEndsAt };
  const { known, unknown, notices } = separated(gates, args.watched, settings);
  const groups = alike(known);
  const figures = new Map<string, GateFigures>();
  let before = 0;
  for (const group of groups) {
    const input: SimulationInput = {
      gates: group,
      traffic: { normalBad: args.normalBad ?? normalBadShare, latency: args.latency ?? DEFAULT_LATENCY, profile },
      start,
      slowSeconds,
      watched: args.watched,
      seed: args.seed,
      settings,
    };
    notices.push(...simulationOf(input).notices);
    const onDone = (done: number) => onProgress(before + done, tasks.length * groups.length);
    const results = await perform(input, tasks, onDone, signal);
    before += tasks.length;
    const names = group.map(({ name }) => name);
    for (const one of figuresOf(names, table, tasks, results)) {
      figures.set(one.name, { ...one, ...(groups.length > 1 && { releaseGroup: groups.indexOf(group) }) });
    }
  }
  return {
    report: {
      gates: known.flatMap(({ name, template, notSimulated }) => {
        const own = figures.get(name);
        if (!own) return [];
        const onlyStops = !rollsBack(template);
        return [{ ...own, ...(notSimulated.length > 0 && { notSimulated }), ...(onlyStops && { onlyStops }) }];
      }),
      ...(unknown.length > 0 && { unknownGates: unknown }),
      ...(profile && {
        profile: {
          name: profile.name,
          factors: profile.factors,
          minutesOfPart: profile.minutesOfPart,
          ...(start && { start: { from: timeOfDay(start.from), to: timeOfDay(start.to) } }),
        },
      }),
    },
    notices,
  };
}

/** Separates the gates of which nothing can be simulated, so that they have no figures. */
function separated(gates: readonly Gate[], watched: WatchedAlarms, settings: CloudSettings) {
  const known: (Gate & { readonly notSimulated: readonly string[] })[] = [];
  const unknown: UnknownGate[] = [];
  const notices: string[] = [];
  for (const gate of gates) {
    const prepared = byName(gate.name, () =>
      ([0, 1] as const).map((newGroup) => prepareGate(gate, newGroup, watched, settings)),
    );
    const leftOut = new Map(prepared.flatMap((one) => one.leftOut.map(({ alarm, why }) => [alarm, why])));
    for (const [alarm, why] of leftOut) {
      notices.push(`${gate.name}: ${alarm} is not simulated, so it is in no figure: ${why}`);
    }
    const notSimulated = [...leftOut.keys()];
    if (prepared.some(isUnknown)) unknown.push({ name: gate.name, alarms: notSimulated });
    else known.push({ ...gate, notSimulated });
  }
  return { known, unknown, notices };
}

/** Prepares a simulation. @throws SubjectError for gates that can't be simulated */
export function simulationOf(input: SimulationInput): Simulation {
  return byName(input.gates.map(({ name }) => name).join(", "), () => new Simulation(input));
}

/** @throws SubjectError that names the gates, for any error */
function byName<T>(names: string, prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    throw new SubjectError(`${names}: ${(error as Error).message}`);
  }
}
