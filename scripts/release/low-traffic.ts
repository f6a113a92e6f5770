import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Config } from "../../stacks/config";
import { noticedErrors } from "./alarm-limit";
import type { MinuteCount } from "./canary-traffic";

/** What a release does when its canary has too few requests: `gate` in the configuration. */
export interface LowTrafficPolicy {
  readonly action: Config["gate"]["lowTraffic"];
  /** The canary has too few requests when this share of errors would be noticed with less than this probability. From 0 to 1. */
  readonly goal: { readonly badShare: number; readonly probability: number };
}

/** The goal of an environment that names none. */
const DEFAULT_GOAL = { badShare: 0.05, probability: 0.95 };

/** The policy of a configuration. Pure. */
export function lowTrafficPolicy({ gate }: Pick<Config, "gate">): LowTrafficPolicy {
  const { badShare, probability } = gate.goal ?? DEFAULT_GOAL;
  return { action: gate.lowTraffic, goal: { badShare, probability } };
}

/** What the alarms could have noticed with the requests of the canary. */
export interface CanaryVerdict {
  /**
   * `enough` or `low`: whether the requests reach the goal. `untold`: no watched alarm counts errors in a way that is known.
   * `unknown`: the requests could not be read.
   */
  readonly traffic: "enough" | "low" | "untold" | "unknown";
  /** Requests of the new version since the first shift, as far as CloudWatch shows them; absent when not known. */
  readonly requests?: number;
  /** With which probability the alarms would have noticed a share of errors. From 0 to 1. */
  readonly noticed: readonly { readonly badShare: number; readonly probability: number }[];
  /** Those of them that the release sent by itself (probes.ts); absent when it sent none. */
  readonly own?: OwnRequests;
  /**
   * The run that started the deployment may have sent some of them by itself, and this one doesn't know how many; absent where
   * that can't be.
   */
  readonly mayHaveProbes?: boolean;
  /** Why the requests are not known. */
  readonly why?: string;
}

/** Requests of the release among those of the canary. */
interface OwnRequests {
  /** About how many: the load balancer chooses which version gets one. */
  readonly requests: number;
  /** What they ask, e.g. `GET /health`: they test nothing else. */
  readonly asked: string;
  /** Whether the others alone would be too few. */
  readonly areNeeded: boolean;
}

/** What the release sent by itself: about how many of its requests in a minute reached the new version, by the minute's start. */
export interface OwnTraffic {
  readonly asked: string;
  readonly reachedIn: (minuteStart: number) => number;
}

/** Shares of errors beside the goal's for which the probability is told. */
const TOLD_SHARES = [0.2, 0.01];

/**
 * What the alarms could have noticed. Pure.
 *
 * @param alarms definitions of the watched alarms that measure the new version
 * @param minutes the requests that CloudWatch shows so far, of users and of the release
 * @param own those of the release
 */
export function judgeTraffic(
  minutes: readonly MinuteCount[],
  alarms: readonly (MetricAlarm | CompositeAlarm)[],
  policy: Pick<LowTrafficPolicy, "goal">,
  own?: OwnTraffic,
): CanaryVerdict {
  const verdict = judgeCounts(minutes, alarms, policy);
  if (!own) return verdict;
  const reached = minutes.map(({ at, requests }) => Math.min(requests, own.reachedIn(at)));
  const requests = Math.round(reached.reduce((sum, count) => sum + count, 0));
  if (requests === 0) return verdict;
  const others = minutes.map(({ at, requests: all }, index) => ({
    at,
    requests: Math.floor(all - (reached[index] ?? 0)),
  }));
  const areNeeded = verdict.traffic === "enough" && judgeCounts(others, alarms, policy).traffic === "low";
  return { ...verdict, own: { requests, asked: own.asked, areNeeded } };
}

function judgeCounts(
  minutes: readonly MinuteCount[],
  alarms: readonly (MetricAlarm | CompositeAlarm)[],
  { goal }: Pick<LowTrafficPolicy, "goal">,
): CanaryVerdict {
  const requests = minutes.reduce((sum, each) => sum + each.requests, 0);
  const probabilityOf = (badShare: number): number | undefined => {
    const each = alarms.flatMap((alarm) => noticedErrors(alarm as MetricAlarm, minutes, badShare) ?? []);
    return each.length === 0 ? undefined : Math.max(...each);
  };
  const reached = probabilityOf(goal.badShare);
  if (reached === undefined) return { traffic: "untold", requests, noticed: [] };
  const shares = [...new Set([...TOLD_SHARES, goal.badShare])].toSorted((a, b) => b - a);
  const noticed = shares.map((badShare) => ({ badShare, probability: probabilityOf(badShare) ?? 0 }));
  return { traffic: reached < goal.probability ? "low" : "enough", requests, noticed };
}

/** The verdict as a sentence. Pure. */
export function trafficSentence(verdict: CanaryVerdict): string {
  const { traffic, requests = 0, noticed, own, mayHaveProbes = false, why = "" } = verdict;
  if (traffic === "unknown") return `not known how many requests the canary saw: ${why}`;
  const count = requests === 0 ? "no request" : requests === 1 ? "1 request" : `${requests} requests`;
  const seen = `the canary has seen ${count}, so far visible in CloudWatch${own ? ownWords(own) : ""}${mayHaveProbes ? PROBED : ""}`;
  if (traffic === "untold") return `${seen}; it can't be told which errors its alarms would have noticed in them`;
  const words = noticed.map(({ badShare, probability }, index) =>
    index === 0
      ? `${shareWords(badShare)} of errors with ${percent(probability)} probability`
      : `${shareWords(badShare)} with ${percent(probability)}`,
  );
  return `${seen}; this gate would have noticed ${words.join(", ")}`;
}

const PROBED = " (some may be sent by the release that started the deployment: not known how many)";

function ownWords({ requests, asked, areNeeded }: OwnRequests): string {
  const needed = areNeeded ? "; the others alone would be too few" : "";
  return ` (about ${requests} of them sent by this release: they test only ${asked}${needed})`;
}

/** The verdict with what it means for the release. Pure. */
export function trafficWarning(verdict: CanaryVerdict, { goal }: Pick<LowTrafficPolicy, "goal">): string {
  const sentence = trafficSentence(verdict);
  if (verdict.traffic !== "low") return sentence;
  const wanted = `${shareWords(goal.badShare)} with ${shareWords(goal.probability)}`;
  return `${sentence}: too few requests to judge the new version (goal: ${wanted})`;
}

function shareWords(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}

/** A probability as percent, rounded so that it never says all, and never none where there are some. Pure. */
function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 1) return "less than 1 %";
  if (value > 99) return "more than 99 %";
  return `${Math.floor(value + 1e-9)} %`;
}
