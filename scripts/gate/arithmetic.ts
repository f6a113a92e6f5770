import { catchProbability, type GateLimit } from "../../stacks/gate/limit";

/** Error shares that are looked through, ascending: ten to a factor of ten, and all. */
const SHARES = [...Array.from({ length: 30 }, (_, step) => Number((0.001 * 10 ** (step / 10)).toPrecision(2))), 1];

/** Phases over which chances are averaged: when alarms are evaluated and read within their intervals. */
const PHASES = 12;
const MINUTE_SECONDS = 60;

/** The canary of a release. */
export interface CanaryTraffic {
  /** Requests per second of the whole service. */
  readonly rps: number;
  /** Share of the traffic on the new version, from 0 to 1. */
  readonly share: number;
  /** Minutes until the last shift. */
  readonly minutes: number;
}

/** The settings that say how much of a canary its alarms see. */
export interface Delays {
  /** From the end of a minute until its data is visible. */
  readonly metricDelaySeconds: number;
  /** How often CodeDeploy reads the alarms. */
  readonly alarmPollSeconds: number;
}

/**
 * The probability that a limit stops a release before its last shift, from the last look alone: the requests of the
 * canary that alarms then see, and the exact binomial tail. Earlier looks add a little, so it is a careful figure.
 */
export function caughtInCanary(
  limit: GateLimit,
  { rps, share, minutes }: CanaryTraffic,
  badShare: number,
  { metricDelaySeconds, alarmPollSeconds }: Delays,
): number {
  let sum = 0;
  for (let phase = 0; phase < PHASES; phase += 1) {
    // The newest visible minute ends up to a minute before the metrics' delay, at an evaluation up to a minute ago.
    const unseen = metricDelaySeconds + alarmPollSeconds / 2 + (2 * MINUTE_SECONDS * (phase + 0.5)) / PHASES;
    const seconds = Math.min(limit.windowSeconds, minutes * MINUTE_SECONDS - unseen);
    sum += seconds > 0 ? catchProbability(Math.round(rps * share * seconds), badShare, limit) : 0;
  }
  return sum / PHASES;
}

/**
 * The smallest error share that is caught with a probability, of a canary with these numbers of requests.
 * @param counts how often each number of visible requests occurs
 * @returns null when not even a version that fails always is caught
 */
export function smallestCaughtShare(
  limit: GateLimit,
  counts: ReadonlyMap<number, number>,
  probability: number,
): number | null {
  const caught = (share: number): boolean => {
    let [sum, all] = [0, 0];
    for (const [requests, times] of counts) {
      sum += times * catchProbability(requests, share, limit);
      all += times;
    }
    return all > 0 && sum >= probability * all;
  };
  let [low, high] = [0, SHARES.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (caught(SHARES[middle] ?? 1)) high = middle;
    else low = middle + 1;
  }
  return SHARES[low] ?? null;
}
