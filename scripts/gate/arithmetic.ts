import { catchProbability, type GateLimit, limitOf } from "../../stacks/gate/limit";
import { poisson, type Poisson } from "./distributions";

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

/**
 * The probability that a limit stops a good release, over all looks at its windows: one each minute. A look depends on the
 * one before it, which this takes into account exactly, and on earlier ones, which it leaves out. So it is rather too
 * large: the product-type approximation of scan statistics (Naus, Journal of the American Statistical Association 77, 1982).
 * @param minutesAfter the last shift, until the old version is gone
 * @param badShare the share of the requests that fails anyway
 */
export function stoppedFalsely(
  limit: GateLimit,
  { rps, share, minutes }: CanaryTraffic,
  minutesAfter: number,
  badShare: number,
  { metricDelaySeconds }: Pick<Delays, "metricDelaySeconds">,
): number {
  const seen = Math.floor(minutes + minutesAfter - metricDelaySeconds / MINUTE_SECONDS);
  const window = limit.windowSeconds / MINUTE_SECONDS;
  /** The requests of the new version in these minutes, the first being 0. */
  const requests = (from: number, to: number): number => {
    const [start, end, lastShift] = [Math.max(0, from), Math.max(0, to), minutes];
    const onCanary = Math.max(0, Math.min(end, lastShift) - Math.min(start, lastShift));
    return (onCanary * share + (end - start - onCanary)) * rps * MINUTE_SECONDS;
  };
  const distributions = new Map<number, Poisson>();
  const distributionOf = (count: number): Poisson => {
    const known = distributions.get(count) ?? poisson(count * badShare);
    distributions.set(count, known);
    return known;
  };
  const allowed = (end: number) => Math.floor(limitOf(requests(end - window, end), limit));
  const steps = new Map<string, number>();
  let well = distributionOf(requests(0, 1)).atMost(allowed(1));
  for (let end = 1; end < seen; end += 1) {
    const dropped = requests(end - window, end - window + 1);
    const shared = requests(end - window + 1, end);
    const added = requests(end, end + 1);
    const key = `${dropped} ${shared} ${added}`;
    let step = steps.get(key);
    if (step === undefined) {
      const [before, after] = [allowed(end), allowed(end + 1)];
      const [first, both, last] = [dropped, shared, added].map(distributionOf) as [Poisson, Poisson, Poisson];
      let fine = 0;
      for (let bad = both.least; bad <= Math.min(both.most, before, after); bad += 1)
        fine += both.exactly(bad) * first.atMost(before - bad) * last.atMost(after - bad);
      step = Math.min(1, fine / distributionOf(dropped + shared).atMost(before));
      steps.set(key, step);
    }
    well *= step;
  }
  return 1 - well;
}
