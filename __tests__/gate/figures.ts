import { FAULT_MODELS, type FaultName } from "../../scripts/gate/models/faults";
import type {
  Colour,
  EstimatedShare,
  GateFigures,
  GateReport,
  HistoryFigures,
  HourCaught,
  Recommendation,
} from "../../scripts/gate/report/types";

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

/** The same figures with a profile, and what the gates catch by hour. @param days empty: a profile of a day */
export function withHours(report: GateReport, days: readonly NonNullable<HourCaught["day"]>[] = []): GateReport {
  const hoursOf = ({ falseStops }: GateFigures, index: number) =>
    (days.length === 0 ? [undefined] : days).flatMap((day, dayIndex) =>
      Array.from({ length: 24 }, (_, hour) => hour).flatMap((hour) =>
        falseStops.map(({ rps }): HourCaught => {
          const requestsPerSecond = dayIndex > 4 ? 0 : rps * (1 + Math.sin(((hour - 6) / 12) * Math.PI));
          const beforeLastShift = estimated(1 - Math.exp(-requestsPerSecond / (index + 1)));
          return { ...(day && { day }), hour, rps, requestsPerSecond, beforeLastShift };
        }),
      ),
    );
  const factors = Array.from({ length: 24 * Math.max(1, days.length) }, () => 1);
  return {
    gates: report.gates.map((gate, index) => ({ ...gate, byHour: hoursOf(gate, index) })),
    profile: { name: "profile.json", factors, minutesOfPart: 60 },
  };
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
export function pastTraffic(names: readonly string[], days: number): HistoryFigures {
  const hours = Array.from({ length: days * 24 }, (_, index) => ({
    at: new Date(Date.UTC(2026, 2, 28, index)).toISOString(),
    rps: 10 + 9 * Math.sin((index / 24) * 2 * Math.PI),
    failedShare: index % 7 === 0 ? 0.02 : index % 3 === 0 ? 0 : 0.0008,
    slowShare: index % 5 === 0 ? 0.004 : 0.0002,
  }));
  const hoursOfDay = Array.from({ length: 24 }, (_, hour) => ({
    hour,
    releases: days * 60,
    stopped: hour === 11 ? 25 : 0,
  }));
  return {
    from: "2026-03-28T00:00:00Z",
    to: new Date(Date.UTC(2026, 2, 28 + days)).toISOString(),
    timeZone: "Europe/Berlin",
    requests: 1_234_567,
    normal: {
      failedShare: 0.0034,
      slowShare: 0.0009,
      slowSeconds: 1.5,
      responseSeconds: { p50: 0.08, p90: 0.21, p99: 0.64 },
    },
    quietMinutes: 12,
    gaps: [],
    hours,
    hoursOfDay: hoursOfDay.map(({ hour }) => ({
      minutes: days * 60,
      ...(hours[hour] ?? { rps: 1, failedShare: 0, slowShare: 0 }),
      hour,
    })),
    gates: names.map((name, index) => ({
      name,
      releases: days * 1_440,
      falseStops: estimated(0.03),
      stops: [{ from: "2026-03-28T10:00:00.000Z", to: "2026-03-28T10:25:00.000Z", releases: 25 }],
      hoursOfDay: hoursOfDay.map((one) => ({ ...one, smallestErrorShare: one.hour < 6 ? null : 0.04 })),
      days: [{ day: "2026-03-28", releases: 1_440, stopped: 1_440 }],
      limitShares: hours.map(({ rps }) => (index === 0 ? null : 0.2 / rps)),
    })),
    advice: names.map((gate, index) => ({
      gate,
      normalBadShare: 0.005,
      configuredBadShare: index === 0 ? null : 0.001,
      falseStops: index === 0 ? null : estimated(0.001),
      slowSeconds: 1,
      releaseHours: [6, 7, 8, 20],
      canaryMinutes: 20,
    })),
  };
}

/** A recommendation, or what would be needed for one. */
export function recommendationOf(isFound: boolean): Recommendation {
  const goal = { badShare: 0.05, probability: 0.95, falseStops: 0.001, rps: 3 };
  const limit = { preset: "balanced", sigmas: 4.4, allowance: 1.2, normalBadShare: 0.001, windowMinutes: 15 } as const;
  const strategy = { type: "canary", percentage: 5, intervalMinutes: 45 } as const;
  return {
    goal,
    found: isFound
      ? {
          settings: {
            gate: { ...limit, goal: { badShare: 0.05, probability: 0.95, rps: 3 } },
            delivery: { strategy },
          },
          exposureMinutes: 2.25,
          caught: estimated(0.96),
          falseStops: estimated(0),
        }
      : null,
    contradicted: isFound ? 0 : 2,
    needed: isFound ? null : { rps: 12, badShare: 0.2 },
  };
}
