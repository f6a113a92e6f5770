import type { z } from "zod";
import { isWritable, WRITABLE } from "../gate/limit";
import { MAX_SECONDS } from "./alarms-schema";
import { flag, integer, number, object, oneOf } from "./rules";

/**
 * Shortest and longest window, in minutes. The data of a minute is visible 90 s after its end, so two minutes and more of
 * a window may be missing. No period is longer than a day
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html).
 */
const WINDOW_MINUTES = { min: 4, max: 1440 } as const;

/** A number that metric math can have as it is. */
function writable(allowed: string, accept: (value: number) => boolean): z.ZodType<number> {
  return number(`${allowed}, ${WRITABLE}`, (value) => accept(value) && isWritable(value));
}

const deviations = writable("a number from 0 to 100", (value) => value >= 0 && value <= 100);

/** `gate` in the configuration: which alarms stop a release, and what they take as normal. */
export const gateSchema = object({
  /** The alarms of the source article, or a limit that follows the traffic; `strict` has a lower one than `balanced`. */
  preset: oneOf("article", "balanced", "strict"),
  /** Share of bad requests that a good version has. A request is bad when it fails, or is answered late. */
  normalBadShare: writable("a number above 0 and below 0.5", (value) => value > 0 && value < 0.5),
  /** An answer later than this is bad. */
  slowSeconds: writable(`a number above 0, ${MAX_SECONDS} at most`, (value) => value > 0 && value <= MAX_SECONDS),
  /** Minutes whose requests are counted. Default: the time between the first and the last shift, from 5 to 15. */
  windowMinutes: integer(WINDOW_MINUTES.min, WINDOW_MINUTES.max).optional(),
  /** Standard deviations between the normal number of bad requests and the limit. Default: the preset's. */
  sigmas: deviations.optional(),
  /** Bad requests that the limit allows on top. Default: the preset's. */
  allowance: writable("a number from 0 to 1000", (value) => value >= 0 && value <= 1000).optional(),
  /** Whether the share of bad requests of the other version counts as normal, when it is unusual as well. */
  compare: object({
    enabled: flag,
    /** Standard deviations above which the other version's number is unusual. */
    sigmas: deviations,
    /** The largest share of the other version that counts as normal. */
    maxShare: writable("a number above 0, 0.5 at most", (value) => value > 0 && value <= 0.5),
  }),
  /** What a release does when the new version has had too few requests for a judgement. */
  lowTraffic: oneOf("warn", "probe", "stop"),
  /** The most requests that a release sends by itself, with `lowTraffic` "probe". */
  probeRequests: integer(1, 10_000),
  /** What the gate must be able to notice before the last shift. Synthesis computes whether it does. */
  goal: object({
    badShare: number("a number above 0, 1 at most", (value) => value > 0 && value <= 1),
    probability: number("a number above 0 and below 1", (value) => value > 0 && value < 1),
    /** Requests a second of the whole service. */
    rps: number("a number above 0, 1000000 at most", (value) => value > 0 && value <= 1_000_000),
  }).optional(),
  /** Refuses what otherwise is a warning: an alarm that can't fire before the last shift, and a goal that isn't met. */
  enforce: flag,
});
