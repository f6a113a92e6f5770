import { z } from "zod";
import { integer, number, object } from "./rules";

/**
 * Largest threshold of a count. No count reaches it in one period, so an alarm above it would never fire. (CloudWatch itself
 * takes up to 2^360: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html.)
 */
const MAX_COUNT = 1_000_000_000;
/**
 * Longest time that a load balancer waits for a response, in seconds: the largest `idle_timeout.timeout_seconds`
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html).
 */
export const MAX_SECONDS = 4000;
/** Smallest threshold above zero. A smaller number is a mistake. */
const MIN_ABOVE_ZERO = 0.001;

/**
 * A threshold that a metric can exceed.
 * @param allowed what the threshold must be; the text of the error when it is too small
 */
function threshold(allowed: string, min: number, max: number, unit: string): z.ZodType<number> {
  const tooLarge = `at most ${max}${unit}: nothing exceeds more, so it would never fire`;
  return z
    .number({ error: ({ input }) => (input === Infinity ? tooLarge : allowed) })
    .refine((value) => value >= min, { error: allowed })
    .refine((value) => value <= max, { error: tooLarge });
}

const GREATER_THAN_ZERO = "a number greater than 0";
/** A count of which every occurrence is a fault. The alarm fires above the threshold, so 0 means "one is too many". */
const countFromZero = threshold("a number of 0 or more (0: any at all fires the alarm)", 0, MAX_COUNT, "");
/** A count that a busy service always has a little of. A threshold of 0 would stop every release. */
const countAboveZero = threshold(GREATER_THAN_ZERO, MIN_ABOVE_ZERO, MAX_COUNT, "");
const seconds = threshold(
  GREATER_THAN_ZERO,
  MIN_ABOVE_ZERO,
  MAX_SECONDS,
  " s, which a load balancer waits for an answer",
);

const alarm = (thresholdSchema: z.ZodType<number>) =>
  object({
    /** The alarm fires when the statistic is GREATER than this. */
    threshold: thresholdSchema,
    /** The number of most recent periods that CloudWatch evaluates (N). */
    evaluationPeriods: integer(1, 1440),
    /** The number of breaching periods among them that fires the alarm (M ≤ N). */
    datapointsToAlarm: integer(1, 1440),
  });

/** The settings of each kind of alarm with a threshold. This is the list of these kinds. */
const KINDS = {
  unhealthyHosts: alarm(countFromZero),
  target5xx: alarm(countAboveZero),
  /** Threshold in seconds. */
  responseTime: alarm(seconds),
  connectionErrors: alarm(countFromZero),
};

/** A kind of alarm with a threshold of its own: a key of `alarms` in the configuration. */
export type ThresholdKind = keyof typeof KINDS;
/** Every kind of alarm with a threshold. */
export const THRESHOLD_KINDS = Object.keys(KINDS) as readonly ThresholdKind[];

/** `alarms` in the configuration: the alarms with thresholds. Which of them exist is decided by `gate.preset`. */
export const alarmsSchema = object({
  /** Seconds. A load balancer publishes its metrics once a minute, so with less than 60 most periods have no data. */
  periodSeconds: number(
    "10, 30 or a multiple of 60 (seconds), at most 86400",
    (value) => [10, 30].includes(value) || (value > 0 && value % 60 === 0 && value <= 86_400),
  ),
  ...KINDS,
});
