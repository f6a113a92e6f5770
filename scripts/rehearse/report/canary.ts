import type { RequestRecord } from "../traffic/traffic";
import type { RehearsalFacts, WeightChange } from "./facts";

/** Answers slower than this (simulated milliseconds) are bad ones, though not failed: as the API's faults have it. */
export const SLOW_ANSWER_MS = 2000;

/** Where the traffic was, in simulated milliseconds since the Unix epoch. */
export interface TrafficShift {
  /** The new version got its first traffic. */
  readonly from: number;
  /** It had all of the traffic, or none again; undefined when neither was seen. */
  readonly to: number | undefined;
  /** After it had traffic, it had none again: it was rolled back. */
  readonly takenBack: number | undefined;
}

/** Reads the shift from the weights; undefined when the new version never got traffic. */
export function trafficShift(weights: readonly WeightChange[]): TrafficShift | undefined {
  const first = weights.findIndex(({ percent }) => percent > 0);
  const start = weights[first];
  if (!start) return undefined;
  const since = weights.slice(first);
  return {
    from: start.at,
    to: since.find(({ percent }) => percent === 0 || percent === 100)?.at,
    takenBack: since.find(({ percent }) => percent === 0)?.at,
  };
}

/** Percent of the traffic that went to the new version at a moment. */
export function weightAt(weights: readonly WeightChange[], at: number): number {
  return weights.findLast((change) => change.at <= at)?.percent ?? 0;
}

/** Requests before, during and after the canary; all are before it when there was none. */
export function byPhase(
  requests: readonly RequestRecord[],
  shift: TrafficShift | undefined,
): Readonly<Record<"before" | "during" | "after", readonly RequestRecord[]>> {
  const from = shift?.from ?? Infinity;
  const to = shift?.to ?? Infinity;
  return {
    before: requests.filter(({ at }) => at < from),
    during: requests.filter(({ at }) => at >= from && at < to),
    after: requests.filter(({ at }) => at >= from && at >= to),
  };
}

/**
 * Seconds from the first bad response after the new version got traffic until it had none again. Bad is failed,
 * whoever answered (a dead task answers nothing), or slow from the new version.
 */
export function detectionSeconds(facts: RehearsalFacts, shift: TrafficShift | undefined): number | undefined {
  if (shift?.takenBack === undefined) return undefined;
  const bad = facts.requests
    .filter(
      ({ at, failure, version, latencyMs }) =>
        at >= shift.from && (failure !== undefined || (version === facts.newVersion && latencyMs > SLOW_ANSWER_MS)),
    )
    .map(({ at, latencyMs }) => at + latencyMs);
  const first = Math.min(...bad);
  return first <= shift.takenBack ? (shift.takenBack - first) / 1000 : undefined;
}

/**
 * The old version's worst minute when that alone was enough to set off the response-time alarm: its average response
 * time in simulated milliseconds. Then the machine was too busy for the speed, and the alarm says little about the
 * new version.
 */
export function worstMinuteOfOldVersion(facts: RehearsalFacts): number | undefined {
  const minutes = new Map<number, { count: number; sum: number }>();
  for (const { at, version, latencyMs } of facts.requests) {
    if (version === undefined || version === facts.newVersion) continue;
    const key = Math.floor((at - facts.startedAt) / 60_000);
    const minute = minutes.get(key) ?? { count: 0, sum: 0 };
    minutes.set(key, { count: minute.count + 1, sum: minute.sum + latencyMs });
  }
  const worst = Math.max(...[...minutes.values()].map(({ count, sum }) => sum / count));
  return worst > facts.responseTimeThresholdMs ? worst : undefined;
}
