import { timeZoneOf } from "../../cloud/alarms/time-zone";
import type { CloudSettings } from "../../cloud/settings";
import type { Gate, WatchedAlarms } from "../gates";
import type { Latency } from "../latency";
import type { EstimatedShare, HistoryFigures, UnknownGate } from "../report/types";
import { simulationOf } from "../run";
import { smallestCaught } from "../search";
import { HISTORY_PROFILE, MOST_RPS, profileFromRates, type TrafficProfile } from "../traffic-profile";
import { limitOn, withLimit } from "../variants";
import { adviceOf } from "./advice";
import { type History, serviceMinutes } from "./history";
import { falseStopsOf, judgedOf, type SimulatedShare } from "./judged";
import { profileOf } from "./profile";
import { notReplayed, replay } from "./replay";

/** What the figures of a history depend on, besides the gates. */
export interface HistoryInput {
  readonly history: History;
  /** Of hours and days: a name such as Europe/Berlin, or an offset. */
  readonly timeZone: string;
  readonly watched: WatchedAlarms;
  readonly settings: CloudSettings;
  readonly seed: number;
}

/** Releases of each figure that a simulation finds for a gate without a limit. */
const RUNS = { first: 100, most: 100, precision: 0 };
const CAUGHT = 0.95;

/**
 * Says what gates would have done with the traffic of the past.
 * @param onProgress called with each gate before its replay
 * @returns the figures, and what could not be replayed
 * @throws HistoryError when the history is shorter than a release; SubjectError for a gate that can't be simulated; RangeError
 *   for an unknown time zone
 */
export function historyOf(
  gates: readonly Gate[],
  { history, timeZone, watched, settings, seed }: HistoryInput,
  onProgress: (gate: string) => void,
): { readonly figures: HistoryFigures; readonly notices: readonly string[] } {
  const zone = timeZoneOf(timeZone);
  const service = serviceMinutes(history);
  const profile = profileOf(service, zone);
  const { usualRps } = trafficOf(profile);
  const notices: string[] = [];
  const unknown: UnknownGate[] = [];
  const results = gates.flatMap((gate) => {
    onProgress(gate.name);
    const { alarms, lacking, isUnknown } = notReplayed({ gate, service, watched, settings });
    for (const { alarm, why } of lacking) notices.push(`${gate.name}: ${alarm} is not replayed: ${why}`);
    if (isUnknown) {
      unknown.push({ name: gate.name, alarms });
      return [];
    }
    // It also finds out whether the gate can be simulated at all.
    const simulated = simulatedShare(gate, profile, { watched, settings, seed });
    const played = replay({ gate, service, watched, settings, seed });
    const judged = judgedOf(gate.name, played, service, profile, zone, simulated);
    const advice = adviceOf({ ...profile, usualRps, service, replay: played, judged, delays: settings });
    const { normalBadShare, configuredBadShare } = advice;
    const isChanged = configuredBadShare !== null && normalBadShare !== null && normalBadShare !== configuredBadShare;
    const falseStops = isChanged ? falseStopsWith(gate, normalBadShare, { service, watched, settings, seed }) : null;
    return [
      { judged: { ...judged, ...(alarms.length > 0 && { notReplayed: alarms }) }, advice: { ...advice, falseStops } },
    ];
  });
  const figures: HistoryFigures = {
    timeZone,
    ...profile,
    gates: results.map(({ judged }) => judged),
    ...(unknown.length > 0 && { unknownGates: unknown }),
    advice: results.map(({ advice }) => advice),
  };
  return { figures, notices };
}

/** The false stops of the gate with another normal share; null where its comparison doesn't allow that share. */
function falseStopsWith(
  gate: Gate,
  normalShare: number,
  input: Omit<Parameters<typeof replay>[0], "gate">,
): EstimatedShare | null {
  const maxShare = limitOn(gate)?.compare?.maxShare ?? 1;
  return normalShare < maxShare ? falseStopsOf(replay({ ...input, gate: withLimit(gate, { normalShare }) })) : null;
}

/** Traffic with the same first digit is simulated once. */
function simulatedShare(
  gate: Gate,
  { normal: { failedShare, responseSeconds, slowSeconds } }: Pick<HistoryFigures, "normal">,
  { watched, settings, seed }: Omit<HistoryInput, "history" | "timeZone">,
): SimulatedShare {
  const known = new Map<number, number | null>();
  const simulation = simulationOf({
    gates: [gate],
    traffic: { normalBad: Math.min(failedShare, 0.5), latency: latencyOf(responseSeconds) },
    slowSeconds: slowSeconds ?? 1.5,
    watched,
    seed,
    settings,
  });
  return (rps) => {
    const rounded = Number(rps.toPrecision(1));
    if (rounded <= 0) return null;
    let found = known.get(rounded);
    if (found === undefined) {
      found = smallestCaught(simulation, "errors", rounded, CAUGHT, RUNS)[0] ?? null;
      known.set(rounded, found);
    }
    return found;
  };
}

/**
 * The service's traffic as the simulation of faults takes it: a quiet, a usual and the busiest hour, and what is normal.
 */
export function trafficOf({ hours, normal }: Pick<HistoryFigures, "hours" | "normal">): {
  readonly rps: readonly number[];
  /** Requests per second of the median hour. */
  readonly usualRps: number;
  readonly normalBad: number;
  readonly latency: Latency;
} {
  const sorted = hours.map(({ rps }) => rps).sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 1;
  const rpsAt = (share: number) => Math.min(MOST_RPS, Number(at(share).toPrecision(2)));
  return {
    rps: [...new Set([0.1, 0.5, 1].map(rpsAt))],
    usualRps: rpsAt(0.5),
    normalBad: Math.min(0.5, normal.failedShare),
    latency: latencyOf(normal.responseSeconds),
  };
}

/**
 * The profile of a day that the service had on average, in the time zone of the figures. An hour without data has no traffic.
 */
export function pastProfile({ hoursOfDay }: Pick<HistoryFigures, "hoursOfDay">): TrafficProfile {
  const rates = Array.from({ length: 24 }, (_, hour) => hoursOfDay.find((one) => one.hour === hour)?.rps ?? 0);
  return profileFromRates(HISTORY_PROFILE, rates);
}

/** The response times of a history as a simulation takes them. */
function latencyOf(seconds: HistoryFigures["normal"]["responseSeconds"]): Latency {
  const { p50, p99 } = seconds ?? { p50: 0, p99: 0 };
  const median = p50 > 0 ? p50 : 0.1;
  return { median, p99: p99 > median ? p99 : median * 5 };
}
