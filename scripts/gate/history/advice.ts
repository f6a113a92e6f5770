import { caughtInCanary, type Delays } from "../arithmetic";
import type { Advice, HistoryFigures, ReplayFigures } from "../report/types";
import type { ServiceMinutes } from "./history";
import { usualBadShare } from "./profile";
import type { Replay } from "./replay";

/** What a release should be able to notice. */
const GOAL = { badShare: 0.05, probability: 0.95 };
/** The share of good releases that may be stopped in an hour of the day, for the hour to be a good one. */
const FEW_STOPS = 0.01;
/** Minutes of a canary that come into question. */
const CANARIES = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240];
/** The smallest and the largest share that is advised. */
const SHARES = { least: 0.0001, most: 0.1 } as const;
/** Quantiles of the standard normal distribution that 10 % and 1 % exceed. */
const [Z90, Z99] = [1.2815515655446004, 2.3263478740408408];
/** What 1 in 1,000 exceed. */
const Z999 = 3.090232306167813;
/** How far above its usual largest response times a service's slow ones begin. */
const MARGIN = 1.5;
const LEAST_SECONDS = 0.01;
/** The share of bad requests that gates take as normal by default. */
const USUAL_SHARE = 0.001;

/** What advice follows from. */
export interface AdviceInput {
  readonly service: ServiceMinutes;
  readonly normal: HistoryFigures["normal"];
  /** Requests per second of the median hour. */
  readonly usualRps: number;
  readonly replay: Replay;
  readonly judged: ReplayFigures;
  readonly delays: Delays;
}

/** Says what to configure for a gate; the false stops with it are for the caller to find. */
export function adviceOf({
  service,
  normal,
  usualRps,
  replay,
  judged,
  delays,
}: AdviceInput): Omit<Advice, "falseStops"> {
  const { limit, canaryShare } = replay;
  const usual = usualBadShare(service);
  const seesWell = (minutes: number) =>
    limit !== undefined &&
    caughtInCanary(
      // A window as long as the canary.
      { ...limit, windowSeconds: minutes * 60 },
      { rps: usualRps, share: canaryShare, minutes },
      GOAL.badShare,
      delays,
    ) >= GOAL.probability;
  return {
    gate: judged.name,
    normalBadShare: usual === undefined ? null : Math.min(SHARES.most, roundUp(Math.max(SHARES.least, usual))),
    configuredBadShare: limit?.normalShare ?? null,
    slowSeconds: slowSecondsOf(normal, limit?.normalShare ?? USUAL_SHARE),
    releaseHours: judged.hoursOfDay
      .filter(
        ({ smallestErrorShare, stopped, releases }) =>
          smallestErrorShare !== null && smallestErrorShare <= GOAL.badShare && stopped / releases <= FEW_STOPS,
      )
      .map(({ hour }) => hour),
    canaryMinutes: CANARIES.find(seesWell) ?? null,
  };
}

/**
 * The response time that one response in 1,000 exceeds, as the 90th and 99th percentile have it, and a margin. When more
 * responses than that exceed what is slow now, it is longer than now.
 */
function slowSecondsOf(
  { responseSeconds, slowSeconds, slowShare }: HistoryFigures["normal"],
  normalShare: number,
): number | null {
  if (!responseSeconds || responseSeconds.p90 <= 0) return null;
  const { p90, p99 } = responseSeconds;
  const sigma = Math.max(0, Math.log(p99 / p90) / (Z99 - Z90));
  const least = slowSeconds !== null && (slowShare ?? 0) > normalShare ? MARGIN * slowSeconds : LEAST_SECONDS;
  return roundUp(Math.max(least, MARGIN * p99 * Math.exp(sigma * (Z999 - Z99))));
}

/** Rounds up to 1, 1.5, 2, 3, 5 or 7 of a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 5, 7, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(2));
}
