import { FAULT_MODELS, type FaultName } from "../../scripts/gate/models/faults";
import type { DrawnHistory } from "../../scripts/gate/report/history-charts";
import type { Colour, EstimatedShare, GateFigures, GateReport } from "../../scripts/gate/report/types";

const COLOURS: readonly Colour[] = ["blue", "green"];

/** Which figures a test needs. */
export interface FiguresWanted {
  readonly names: readonly string[];
  readonly rps?: readonly number[];
  readonly faults?: readonly FaultName[];
  /** In place of the faults' own. */
  readonly severities?: readonly number[];
}

/** Figures that no simulation made: larger faults, more traffic and earlier gates are caught more often. */
export function figures({
  names,
  rps = [1, 5, 20, 100, 1000],
  faults = Object.keys(FAULT_MODELS) as FaultName[],
  severities,
}: FiguresWanted): GateReport {
  return { gates: names.map((name, index) => gateFigures(name, index, rps, faults, severities)) };
}

function gateFigures(
  name: string,
  index: number,
  traffics: readonly number[],
  faults: readonly FaultName[],
  severities: readonly number[] | undefined,
): GateFigures {
  return {
    name,
    falseStops: traffics.map((rps, place) => ({ rps, ...estimated(index === 0 ? place / traffics.length : 0) })),
    caught: faults.flatMap((fault) =>
      (severities ?? FAULT_MODELS[fault].severities).flatMap((severity) =>
        traffics.flatMap((rps) =>
          COLOURS.map((colour) => {
            const share = 1 - Math.exp((-severity * rps) / (index + 1));
            const isCaught = share > 0.02;
            return {
              fault,
              severity,
              rps,
              colour,
              beforeLastShift: estimated(share),
              beforeOldIsGone: estimated(Math.sqrt(share)),
              oracle: Math.min(1, share * 1.05),
              secondsToRollback: {
                median: isCaught ? 160 + 300 * (1 - share) : null,
                p95: isCaught ? 220 + 400 * (1 - share) : null,
              },
              failedRequests: severity * rps * 30,
            };
          }),
        ),
      ),
    ),
    smallestCaught: traffics.map((rps) => ({
      rps,
      errorShare: rps < 2 ? null : Math.min(1, (index + 1) / (rps + 1)),
      slowdownSeconds: rps < 2 ? null : 1.5,
    })),
    trafficNeeded: { badShare: 0.05, probability: 0.95, rps: index === 0 ? null : 10 },
  };
}

function estimated(share: number): EstimatedShare {
  return { share, low: Math.max(0, share - 0.02), high: Math.min(1, share + 0.02) };
}

/** A history of whole days as of midnight UTC on 28 March 2026; the clocks of Berlin are put forward on the 29th. */
export function pastTraffic(names: readonly string[], days: number): DrawnHistory {
  const hours = Array.from({ length: days * 24 }, (_, index) => ({
    at: new Date(Date.UTC(2026, 2, 28, index)).toISOString(),
    rps: 10 + 9 * Math.sin((index / 24) * 2 * Math.PI),
    failedShare: index % 7 === 0 ? 0.02 : index % 3 === 0 ? 0 : 0.0008,
  }));
  return {
    timeZone: "Europe/Berlin",
    requests: 1_234_567,
    hours,
    gates: names.map((name, index) => ({
      name,
      releases: days * 1_440,
      falseStops: estimated(0.03),
      stops: [{ from: "2026-03-28T10:00:00.000Z", to: "2026-03-28T10:25:00.000Z" }],
      days: [{ day: "2026-03-28", stopped: 1_440 }],
      limitShares: hours.map(({ rps }) => (index === 0 ? null : 0.2 / rps)),
    })),
  };
}
