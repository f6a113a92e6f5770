import type { Config } from "../../stacks/config";
import type { CloudSettings } from "../cloud/settings";
import type { CalibrationArguments, GateArguments } from "./arguments";
import { DEFAULT_LATENCY } from "./option-values";
import { agree, calibrate, type CalibratedCell, calibrationTable } from "./calibrate";
import type { Progress } from "./progress";
import type { NamedTemplate } from "./subjects";

/** What the calibration of gates depends on. */
export interface CalibrateGatesInput extends Pick<GateArguments, "watched" | "normalBad" | "latency" | "seed"> {
  readonly subjects: readonly NamedTemplate[];
  readonly wanted: CalibrationArguments;
  readonly expectations: Pick<Config["gate"], "normalBadShare" | "slowSeconds">;
  readonly settings: CloudSettings;
  readonly signal: AbortSignal;
  readonly progress: Pick<Progress, "count">;
}

/** The calibration of one gate. */
interface Calibration {
  readonly name: string;
  readonly cells: readonly CalibratedCell[];
}

/**
 * Rehearses releases of each gate, and compares them with its simulation.
 * @returns the calibrations as text and as an object, and whether all agree
 * @throws as `calibrate` does
 */
export async function calibrateGates(input: CalibrateGatesInput): Promise<{
  readonly text: string;
  readonly report: { readonly calibrations: readonly Calibration[] };
  readonly agrees: boolean;
}> {
  const { wanted, expectations, progress } = input;
  const calibrations: Calibration[] = [];
  for (const { name, template } of input.subjects) {
    const count = (done: number, all: number) => {
      progress.count(`rehearsing ${name}: ${done} of ${all} releases`, done, all);
    };
    count(0, wanted.cells.length * wanted.runs);
    const cells = await calibrate({
      name,
      template,
      ...wanted,
      slowSeconds: expectations.slowSeconds,
      normalBad: input.normalBad ?? expectations.normalBadShare,
      latency: input.latency ?? DEFAULT_LATENCY,
      watched: input.watched,
      seed: input.seed,
      settings: input.settings,
      signal: input.signal,
      onRehearsed: count,
    });
    calibrations.push({ name, cells });
  }
  return {
    text: calibrations.map(({ name, cells }) => calibrationTable(name, cells)).join("\n\n"),
    report: { calibrations },
    agrees: calibrations.every(({ cells }) => cells.every(agree)),
  };
}
