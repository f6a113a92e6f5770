import { isFailed } from "../judgement/failures";
import type { RequestRecord } from "../traffic/generator";
import type { RehearsalFacts, WeightChange } from "./facts";

/** A response that takes longer counts as bad, but not as failed; simulated milliseconds. */
export const SLOW_ANSWER_MS = 2000;

/** When the traffic moved, in simulated milliseconds since the Unix epoch. */
export interface TrafficShift {
  /** The new version got its first traffic. */
  readonly from: number;
  /** The new version had all of the traffic, or none again; undefined when neither happened. */
  readonly to: number | undefined;
  /** The new version had no traffic any more: it was rolled back. */
  readonly takenBack: number | undefined;
}

/** Derives the shift from the weights; undefined when the new version never got traffic. */
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

/** Returns the percentage of the traffic that went to the new version at a moment. */
export function weightAt(weights: readonly WeightChange[], at: number): number {
  return weights.findLast((change) => change.at <= at)?.percent ?? 0;
}

/**
 * Splits requests into those before, during and after the canary; without a canary, all are before it. A request belongs to the
 * phase in which it arrived at the load balancer, because the weights of then chose the version. Without an answer, it
 * belongs to the phase in which it was due.
 */
export function byPhase(
  requests: readonly RequestRecord[],
  shift: TrafficShift | undefined,
): Readonly<Record<"before" | "during" | "after", readonly RequestRecord[]>> {
  const from = shift?.from ?? Infinity;
  const to = shift?.to ?? Infinity;
  const arrival = ({ at, arrivedAt = at }: RequestRecord) => arrivedAt;
  return {
    before: requests.filter((request) => arrival(request) < from),
    during: requests.filter((request) => arrival(request) >= from && arrival(request) < to),
    after: requests.filter((request) => arrival(request) >= from && arrival(request) >= to),
  };
}

/**
 * Returns the simulated seconds from the first bad response since the new version got traffic until it had none again.
 * A response is bad when it failed, whichever version answered (a dead task does not answer), or when it was slow and
 * came from the new version. Failures that are played beside the release don't count.
 */
export function detectionSeconds(facts: RehearsalFacts, shift: TrafficShift | undefined): number | undefined {
  if (shift?.takenBack === undefined) return undefined;
  let first = Infinity;
  for (const request of facts.requests) {
    const { at, version, latencyMs } = request;
    const isSlow = version === facts.newVersion && latencyMs > SLOW_ANSWER_MS;
    if (at >= shift.from && (isFailed(request) || isSlow)) first = Math.min(first, at + latencyMs);
  }
  return first <= shift.takenBack ? (shift.takenBack - first) / 1000 : undefined;
}

/**
 * Returns the highest average response time of the old version in one minute, in simulated milliseconds, when it alone
 * would set off an alarm on response times. The machine was then too busy for the speed, so the alarm says little about
 * the new version.
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
