import { limitOf, type ParsedLimit, parseLimit } from "../../stacks/gate/limit";
import { breaches } from "../cloud/alarms/evaluate";
import type { PreparedAlarm } from "../cloud/alarms/prepare";
import type { CloudSettings } from "../cloud/settings";
import type { MetricQuery } from "../cloud/template";
import { groupsOf, type Published, type PublishedMetric } from "./published";
import type { GroupIndex, PublishedTraffic } from "./traffic";

const MINUTE_MS = 60_000;

/**
 * Whether an alarm may be in ALARM at a time. It is false only when the alarm certainly is not: then it needs no evaluation.
 * Most alarms are OK most of the time, so this is what makes a simulation fast. The evaluation itself is the cloud's alone.
 * @param tick of the evaluation, milliseconds since the Unix epoch
 * @param visible minutes of the traffic that are published by then
 */
export type MayFire = (traffic: PublishedTraffic, tick: number, visible: number) => boolean;

/** The settings that a screen depends on. */
export type ScreenSettings = Pick<
  CloudSettings,
  "extraEvaluationBuckets" | "slidingWindowEndsAt" | "insufficientDataStops"
>;

/** Whether the whole minutes of a period may make an alarm fire: from the first one until before the second one. */
type MayBreach = (traffic: PublishedTraffic, from: number, to: number) => boolean;

/**
 * The screen of an alarm. An alarm goes to ALARM only because of a datapoint that breaches its threshold, unless missing
 * data counts as breaching: so when none of the periods of its evaluation range may have one, it can't be in ALARM.
 * @param readers of the alarm's metrics
 * @returns undefined for an alarm that has to be evaluated always
 */
export function screenOf(
  alarm: PreparedAlarm,
  readers: ReadonlyMap<MetricQuery, PublishedMetric>,
  stacks: Published,
  settings: ScreenSettings,
): MayFire | undefined {
  const { template, rules, period } = alarm;
  const isUsual =
    template.evaluationWindow?.type !== "wallClock" &&
    template.treatMissingData !== "breaching" &&
    !settings.insufficientDataStops &&
    period % 60 === 0;
  const mayBreach = isUsual ? (limitScreen(alarm, stacks) ?? metricScreen(alarm, readers)) : undefined;
  if (!mayBreach) return undefined;
  const periods = rules.evaluationPeriods + settings.extraEvaluationBuckets;
  const minutes = period / 60;
  const endsNow = settings.slidingWindowEndsAt === "now";
  return (traffic, tick, visible) => {
    const published = Math.min(visible, traffic.minutes);
    // The newest period ends here. It has unpublished minutes when the window ends now.
    let end = endsNow ? Math.floor((tick - traffic.firstMinuteMs) / MINUTE_MS) : visible;
    for (let index = 0; index < periods && end > 0; index += 1, end -= minutes) {
      if (mayBreach(traffic, Math.max(0, end - minutes), Math.min(end, published))) return true;
    }
    return false;
  };
}

/** An alarm on one metric: its datapoint breaches the threshold or not. */
function metricScreen(
  { template: { metric }, rules }: PreparedAlarm,
  readers: ReadonlyMap<MetricQuery, PublishedMetric>,
): MayBreach | undefined {
  const reader = metric && readers.get(metric);
  if (!reader) return undefined;
  return (traffic, from, to) => {
    const point = reader(traffic, from, to);
    return point !== undefined && breaches(rules, point.value);
  };
}

/** Metric math rounds in another order. */
const ROUNDING = 1e-6;

/**
 * An alarm with the stacks' limit breaches its threshold only when there are more bad requests than the limit without the
 * other target group, which only raises it.
 */
function limitScreen({ template }: PreparedAlarm, stacks: Published): MayBreach | undefined {
  const parsed = parseLimit(template.metrics ?? []);
  const isUsual = template.comparisonOperator === "GreaterThanThreshold" && template.threshold >= 0;
  if (!parsed || !isUsual || (parsed.compare && parsed.compare.maxShare < parsed.normalShare)) return undefined;
  const group = judgedGroup(parsed, template.metrics ?? [], stacks);
  if (group === undefined) return undefined;
  const { bad } = parsed.judged;
  const isFailed = bad.kind === "failedRequests";
  return (traffic, from, to) => {
    const counts = traffic.groups[group];
    // How many responses are slow is known for one limit of slow responses only.
    if (!isFailed && bad.slowSeconds !== counts.slowSeconds) return true;
    const all = isFailed ? counts.requests : counts.answered;
    const first = isFailed ? counts.failed : counts.slow;
    let requests = 0;
    let badOnes = 0;
    for (let minute = from; minute < to; minute += 1) {
      requests += all[minute] ?? 0;
      badOnes += first[minute] ?? 0;
      if (isFailed) badOnes += counts.refused[minute] ?? 0;
    }
    // The limit is never below its allowance.
    return badOnes > parsed.allowance && badOnes > limitOf(requests, parsed) - ROUNDING;
  };
}

/** The target group whose requests a limit counts; undefined when it is none of these stacks. */
function judgedGroup(
  { judged: { targetGroup, loadBalancer } }: ParsedLimit,
  lines: readonly { readonly metric?: MetricQuery }[],
  stacks: Published,
): GroupIndex | undefined {
  const metric = lines.find((line) => line.metric)?.metric;
  const dimensions = { TargetGroup: targetGroup, LoadBalancer: loadBalancer };
  return metric && groupsOf({ ...metric, dimensions }, stacks)?.[0];
}
