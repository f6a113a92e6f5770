import type { CloudSettings } from "../cloud/settings";
import type { Template } from "../cloud/template";
import { releaseBare, type BareReleaseResult } from "../rehearse/bare-release";
import { type CalibrationCell, played } from "./calibration-cells";
import { logFactorial } from "../../stacks/gate/log-factorial";
import { wilson } from "./distributions";
import { type Gate, prepareGate, type WatchedAlarms } from "./gates";
import type { Latency } from "./latency";
import type { FaultModel } from "./models/fault";
import { FAULT_MODELS } from "./models/faults";
import type { EstimatedShare } from "./report/types";
import { type Cell, Simulation, type SimulationInput } from "./simulate";

/** One figure of a cell, simulated and rehearsed. */
export interface Comparison {
  readonly simulated: EstimatedShare;
  /** Rehearsed releases that were stopped. */
  readonly stopped: number;
  readonly releases: number;
  /** Numbers of stopped releases that the simulation explains. */
  readonly explained: { readonly from: number; readonly to: number };
  readonly agrees: boolean;
}

/** A cell, simulated and rehearsed. */
export interface CalibratedCell extends CalibrationCell {
  readonly beforeLastShift: Comparison;
  readonly beforeOldIsGone: Comparison;
}

/** What a calibration depends on. */
export interface CalibrationInput {
  readonly name: string;
  readonly template: Template;
  readonly cells: readonly CalibrationCell[];
  /** Rehearsals of each cell. */
  readonly runs: number;
  readonly watched: WatchedAlarms;
  /** Share of the requests that fails anyway. */
  readonly normalBad: number;
  /** A response that takes longer is slow. */
  readonly slowSeconds: number;
  readonly latency: Latency;
  readonly seed: number;
  readonly settings: CloudSettings;
  readonly signal: AbortSignal;
  /** Called after each rehearsal. */
  readonly onRehearsed: (done: number, all: number) => void;
}

/** Simulated releases of each cell; their interval is far smaller than that of the rehearsals. */
const SIMULATED = 4_000;
/** Rehearsals at the same time. */
const AT_ONCE = 16;
/** Simulated seconds in a wall second, at most; less with much traffic, so that the machine keeps up. */
const MOST_SPEED = 25;
const MOST_WALL_RPS = 150;
/**
 * The probability below which a result of the rehearsals is not taken for chance, of each figure. With 15 cells of two figures, a
 * right simulation is contradicted by chance in less than 2 of 100 calibrations.
 */
const SIGNIFICANCE = 0.0005;

/**
 * Simulates each cell, rehearses it, and compares the two. Rehearsals are real: HTTP, alarms and CodeDeploy of the local cloud.
 * They have one task of each version, and so do the simulated releases.
 * @throws RangeError for a cell that can't be played; BareReleaseError when something else than an alarm ended a release; what
 *   the simulation and the local cloud throw
 */
export async function calibrate(input: CalibrationInput): Promise<readonly CalibratedCell[]> {
  const { cells, runs, normalBad } = input;
  const template = { ...input.template, service: { ...input.template.service, desiredCount: 1 } };
  const gate: Gate = { name: input.name, template };
  const simulation: SimulationInput = {
    gates: [gate],
    traffic: { normalBad, latency: input.latency },
    slowSeconds: input.slowSeconds,
    watched: input.watched,
    seed: input.seed,
    settings: input.settings,
  };
  const simulated = new Simulation(simulation);
  const { alarms } = prepareGate(gate, 1, input.watched, input.settings);
  const releases = cells.flatMap((cell) => {
    const faults = played(cell);
    if (!faults) throw new RangeError(`the fault ${cell.fault} of severity ${cell.severity} can't be rehearsed`);
    return Array.from({ length: runs }, (_, run) => ({ cell, faults, seed: input.seed * 1_000 + run }));
  });
  // By how much traffic they have: the longest first.
  releases.sort((a, b) => b.cell.rps - a.cell.rps);
  const results = new Map<CalibrationCell, BareReleaseResult["stopped"][]>(cells.map((cell) => [cell, []]));
  const queue = [...releases];
  const failed = new AbortController();
  const signal = AbortSignal.any([input.signal, failed.signal]);
  let done = 0;
  const rehearse = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { cell, faults, seed } = next;
      const { stopped } = await releaseBare({
        template,
        alarms: alarms.map(({ alarm }) => alarm.template.name),
        rps: cell.rps,
        secondsBefore: Math.max(60, ...alarms.map(({ alarm }) => alarm.period)),
        background: normalBad,
        ...faults,
        speed: Math.min(MOST_SPEED, MOST_WALL_RPS / cell.rps),
        seed,
        signal,
      });
      results.get(cell)?.push(stopped);
      done += 1;
      input.onRehearsed(done, releases.length);
    }
  };
  const rehearsals = Array.from({ length: AT_ONCE }, () =>
    rehearse().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  // When one fails, the others end what they started.
  await Promise.allSettled(rehearsals);
  await Promise.all(rehearsals);
  return cells.map((cell) => {
    const whole: Cell = { ...cell, colour: "green" };
    const { gates } = simulated.run(whole, { first: SIMULATED, most: SIMULATED, precision: 0 });
    const [tally] = gates;
    if (!tally) throw new Error("the simulation has no gate");
    const endings = results.get(cell) ?? [];
    const count = (...kinds: readonly BareReleaseResult["stopped"][]) =>
      endings.filter((ending) => kinds.includes(ending)).length;
    return {
      ...cell,
      beforeLastShift: comparison(
        wilson(tally.beforeLastShift, tally.releases),
        count("before-last-shift"),
        endings.length,
      ),
      beforeOldIsGone: comparison(
        wilson(tally.beforeOldIsGone, tally.releases),
        count("before-last-shift", "after-last-shift"),
        endings.length,
      ),
    };
  });
}

/** Compares a share that is simulated with rehearsals. Pure. */
export function comparison(simulated: EstimatedShare, stopped: number, releases: number): Comparison {
  const numbers = Array.from({ length: releases + 1 }, (_, number) => number);
  // A number is explained when neither it and all smaller ones, nor it and all larger ones, are improbable.
  const isExplained = (number: number) =>
    sumOf(numbers.slice(0, number + 1), simulated.low, releases) >= SIGNIFICANCE / 2 &&
    sumOf(numbers.slice(number), simulated.high, releases) >= SIGNIFICANCE / 2;
  const explained = numbers.filter(isExplained);
  const from = explained[0] ?? 0;
  const to = explained.at(-1) ?? releases;
  return { simulated, stopped, releases, explained: { from, to }, agrees: stopped >= from && stopped <= to };
}

/** The probability that one of these numbers of releases is stopped, when each is with this share. */
function sumOf(numbers: readonly number[], share: number, releases: number): number {
  return numbers.reduce((sum, number) => {
    if (share === 0 || share === 1) return sum + (number === (share === 0 ? 0 : releases) ? 1 : 0);
    const ways = logFactorial(releases) - logFactorial(number) - logFactorial(releases - number);
    return sum + Math.exp(ways + number * Math.log(share) + (releases - number) * Math.log1p(-share));
  }, 0);
}

/** Formats a calibration as a table, with a sentence about it. */
export function calibrationTable(name: string, cells: readonly CalibratedCell[]): string {
  const rows = cells.flatMap((cell) =>
    (["beforeLastShift", "beforeOldIsGone"] as const).map((figure) => {
      const { simulated, stopped, releases, explained, agrees } = cell[figure];
      return [
        figure === "beforeLastShift" ? faultInWords(cell) : "",
        figure === "beforeLastShift" ? `${cell.rps}/s` : "",
        figure === "beforeLastShift" ? "before the last shift" : "until the old is gone",
        `${percent(simulated.share)} (${percent(simulated.low)} to ${percent(simulated.high)})`,
        `${explained.from} to ${explained.to}`,
        `${stopped} of ${releases}`,
        agrees ? "agree" : "DISAGREE",
      ];
    }),
  );
  const head = ["fault", "rps", "stopped", "% simulated", "explained", "rehearsed", ""];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const lines = [head, ...rows].map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  "));
  const wrong = cells.filter((cell) => !agree(cell)).length;
  const verdict =
    wrong === 0
      ? `In all ${cells.length} cells, the rehearsals agree with the simulation.`
      : `In ${wrong} of ${cells.length} cells, the rehearsals contradict the simulation.`;
  return [`Gate ${name}:`, "", ...lines.map((line) => line.trimEnd()), "", verdict].join("\n");
}

/** Whether both figures of a cell agree. */
export function agree({ beforeLastShift, beforeOldIsGone }: CalibratedCell): boolean {
  return beforeLastShift.agrees && beforeOldIsGone.agrees;
}

function faultInWords({ fault, severity }: CalibrationCell): string {
  if (fault === undefined) return "none";
  const { unit }: FaultModel = FAULT_MODELS[fault];
  return `${fault} ${unit === "share" ? `${percent(severity)} %` : `${severity} s`}`;
}

function percent(share: number): string {
  return String(Number((share * 100).toFixed(1)));
}
