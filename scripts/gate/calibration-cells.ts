import type { TargetFault } from "../cloud/faults";
import type { BareRelease } from "../rehearse/bare-release";
import type { FaultName } from "./models/faults";

/** A fault, its severity and the traffic, which are both simulated and rehearsed. Without a fault: good releases. */
export interface CalibrationCell {
  readonly fault?: FaultName;
  readonly severity: number;
  readonly rps: number;
}

/**
 * The cells of a calibration. Shares between 0 and 1 tell the most: there, a wrong window, delay or limit shows. The others
 * cover each kind of fault and of alarm. Low traffic, so that many rehearsals fit into a few minutes.
 */
export const CALIBRATION_CELLS: readonly CalibrationCell[] = [
  { severity: 0, rps: 5 },
  { fault: "errors", severity: 0.02, rps: 5 },
  { fault: "errors", severity: 0.05, rps: 1 },
  { fault: "errors", severity: 0.05, rps: 3 },
  { fault: "errors", severity: 0.1, rps: 1 },
  { fault: "errors", severity: 0.1, rps: 2 },
  { fault: "errors", severity: 0.2, rps: 1 },
  { fault: "errors", severity: 0.5, rps: 0.5 },
  { fault: "slow-tail", severity: 0.05, rps: 2 },
  { fault: "slow-tail", severity: 0.2, rps: 1 },
  { fault: "slow", severity: 2, rps: 1 },
  { fault: "dependency", severity: 0.1, rps: 2 },
  { fault: "broken-live", severity: 0.1, rps: 2 },
  { fault: "crash-loop", severity: 1, rps: 1 },
  { fault: "unhealthy-later", severity: 1, rps: 1 },
];

/** What the new version of a rehearsal has, and what the live one has. */
type PlayedFaults = Pick<BareRelease, "fault" | "liveFault" | "liveFaultAtShift">;

/** Seconds by which answers are later with `slow-tail`; as in its model. */
const TAIL_SECONDS = 5;
/** When the tasks end or fail their checks, after they listen; as in the models. Seconds. */
const AFTER_SECONDS = { "crash-loop": 90, "crash-later": 240, "unhealthy-later": 105 } as const;

const errors = (rate: number): TargetFault => ({ kind: "error", rate });

/**
 * A fault of the simulation as the local cloud plays it. Only faults of all tasks are played.
 * @returns undefined for a fault that it does not play
 */
export function played({ fault, severity }: CalibrationCell): PlayedFaults | undefined {
  switch (fault) {
    case undefined:
      return {};
    case "errors":
      return { fault: errors(severity) };
    case "slow":
      return { fault: { kind: "slow", seconds: severity } };
    case "slow-tail":
      return { fault: { kind: "slow", rate: severity, seconds: TAIL_SECONDS } };
    case "crash-loop":
    case "crash-later":
      return severity === 1 ? { fault: { kind: "exit", afterSeconds: AFTER_SECONDS[fault] } } : undefined;
    case "unhealthy-later":
      return severity === 1 ? { fault: { kind: "unhealthy", afterSeconds: AFTER_SECONDS[fault] } } : undefined;
    case "dependency":
      return { fault: errors(severity), liveFault: errors(severity) };
    case "dependency-later":
      return { fault: errors(severity), liveFault: errors(severity), liveFaultAtShift: true };
    case "broken-live":
      return { liveFault: errors(severity) };
    default:
      return undefined;
  }
}

/** Whether a cell can be rehearsed. */
export function isPlayed(cell: CalibrationCell): boolean {
  return played(cell) !== undefined;
}
