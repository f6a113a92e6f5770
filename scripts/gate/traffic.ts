import { BinRange } from "./bins";
import { binnedTimes, type Latency, type Slowdown } from "./latency";
import { type Effect, type Fault, WELL } from "./models/fault";
import { RandomStream } from "./random";
import type { ReleaseTimes } from "./timeline";
import { cycleOf, factorAt, type TrafficProfile } from "./traffic-profile";

const MINUTE_MS = 60_000;
/** How often a load balancer samples the health of its targets, as in the local cloud. */
const HOST_SAMPLE_SECONDS = 10;
/** The releases are in a week that begins on 5 January 1970, the first Monday of the Unix epoch. */
const MONDAY_MINUTES = 4 * 1_440;

/** The place of a target group in the deployment group. */
export type GroupIndex = 0 | 1;

/** The traffic of a service that is well. */
export interface Traffic {
  /** Requests per second of the whole service; with a profile, on average. */
  readonly rps: number;
  /** Absent: the traffic is always the same. */
  readonly profile?: TrafficProfile | undefined;
  /** Share of the requests that is answered with 5xx anyway. */
  readonly normalBad: number;
  readonly latency: Latency;
}

/** What the traffic of a release depends on, besides chance. */
export interface TrafficInput {
  readonly traffic: Traffic;
  readonly times: ReleaseTimes;
  /** Tasks of a version. */
  readonly tasks: number;
  /** The target group of the new version. */
  readonly newGroup: GroupIndex;
  /** Minutes of the profile's cycle, or of the day, in which the first shift may be. */
  readonly starts: readonly number[];
  /** Minutes of traffic before the deployment that the alarms may read. */
  readonly minutesBefore: number;
  /** Edges of the bins of response times, by target group, ascending; one is `slowSeconds`. Seconds. */
  readonly edges: readonly [readonly number[], readonly number[]];
  /** A response that takes longer is slow. */
  readonly slowSeconds: number;
}

/** The counts of one target group by minute. */
export interface GroupCounts {
  /** Requests for which a target was chosen. */
  readonly requests: Float64Array;
  /** Responses with 5xx. */
  readonly failed: Float64Array;
  /** The other responses. */
  readonly succeeded: Float64Array;
  /** Failed connections to targets. */
  readonly refused: Float64Array;
  /** Requests without a target. */
  readonly unrouted: Float64Array;
  /** Responses of targets. */
  readonly answered: Float64Array;
  /** Those that take longer than `slowSeconds`. */
  readonly slow: Float64Array;
  readonly slowSeconds: number;
  /** Responses, by bin of their time: bin `i` of minute `m` is at `m * bins + i`. */
  readonly times: Float64Array;
  readonly bins: number;
  readonly edges: readonly number[];
  /** Sum of all response times. Seconds. */
  readonly timeSum: Float64Array;
  /** Samples of the numbers of healthy and unhealthy targets, over each minute. */
  readonly hostSamples: Float64Array;
  readonly healthy: HostCounts;
  readonly unhealthy: HostCounts;
}

/** Samples of a number of targets, over each minute. */
export interface HostCounts {
  readonly sum: Float64Array;
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;
}

/** Response times in bins. */
interface SharedTimes {
  readonly slowdown: Slowdown | undefined;
  readonly slowShare: number;
  readonly quick: BinRange;
  readonly slow: BinRange;
}

/** The traffic of one release, as alarms and CodeDeploy see it. */
export interface PublishedTraffic {
  readonly groups: readonly [GroupCounts, GroupCounts];
  /** Start of the first minute, simulated milliseconds since the Unix epoch. */
  readonly firstMinuteMs: number;
  /** The first shift of traffic, simulated milliseconds since the Unix epoch. */
  readonly shiftMs: number;
  readonly minutes: number;
  /** Has the counts of the first minutes ready; those of later ones may not be. */
  upTo(minutes: number): void;
}

/**
 * Traffic that the load balancer publishes during one release, minute by minute. Minutes are drawn when they are needed,
 * always in their order. It is reused for release after release.
 */
export class ReleaseTraffic implements PublishedTraffic {
  readonly groups: readonly [GroupCounts, GroupCounts];
  /** Number of minutes that fit. */
  private readonly capacity: number;
  private readonly cuts: number[] = [];
  private readonly times: readonly [SharedTimes[], SharedTimes[]] = [[], []];
  private random = new RandomStream(0, 0, 0);
  private timesRandom = this.random;
  private fault: Fault | undefined;
  /** Minutes that are drawn. */
  private drawn = 0;
  /** The next of the cuts. */
  private nextCut = 0;
  firstMinuteMs = 0;
  shiftMs = 0;
  minutes = 0;
  /** When the load balancer samples the health of its targets. Seconds after the start of a minute, less than the interval. */
  private hostSamplePhase = 0;

  constructor(private readonly input: TrafficInput) {
    const { times, minutesBefore, edges, slowSeconds } = input;
    const last = Math.max(times.end, times.steadyTimeout);
    this.capacity = minutesBefore + Math.ceil((last - times.start) / 60) + 3;
    this.groups = [
      emptyCounts(this.capacity, slowSeconds, edges[0]),
      emptyCounts(this.capacity, slowSeconds, edges[1]),
    ];
  }

  /**
   * Begins the traffic of another release. The first shift is at a random one of the times at which it may be.
   * @param timesRandom for how long the responses take
   */
  draw(random: RandomStream, timesRandom: RandomStream, fault: Fault | undefined): void {
    this.random = random;
    this.timesRandom = timesRandom;
    this.fault = fault;
    const { times, minutesBefore, starts } = this.input;
    for (const counts of this.groups) clear(counts, this.drawn);
    this.drawn = 0;
    this.nextCut = 0;
    const minute = MONDAY_MINUTES + (starts[Math.floor(random.uniform() * starts.length)] ?? 0);
    this.shiftMs = minute * MINUTE_MS + Math.floor(random.uniform() * MINUTE_MS);
    this.hostSamplePhase = random.uniform() * HOST_SAMPLE_SECONDS;
    const startMs = this.shiftMs + times.start * 1_000;
    this.firstMinuteMs = Math.floor(startMs / MINUTE_MS) * MINUTE_MS - minutesBefore * MINUTE_MS;
    const end = fault?.neverShifts === true ? times.steadyTimeout : times.end;
    this.minutes = Math.min(this.capacity, Math.ceil((this.shiftMs + end * 1_000 - this.firstMinuteMs) / MINUTE_MS));
    this.prepareCuts(fault);
  }

  upTo(minutes: number): void {
    const end = Math.min(this.minutes, minutes);
    for (; this.drawn < end; this.drawn += 1) this.drawMinute(this.drawn);
  }

  private drawMinute(minute: number): void {
    const { fault } = this;
    const { times, newGroup, tasks } = this.input;
    const liveGroup: GroupIndex = newGroup === 0 ? 1 : 0;
    const from = (this.firstMinuteMs + minute * MINUTE_MS - this.shiftMs) / 1_000;
    const to = from + 60;
    const rps = this.rpsAt(minute);
    for (let second = from; second < to;) {
      while ((this.cuts[this.nextCut] ?? Infinity) <= second) this.nextCut += 1;
      const until = Math.min(to, this.cuts[this.nextCut] ?? Infinity);
      const middle = (second + until) / 2;
      const requests = rps * (until - second);
      const share = fault?.neverShifts === true ? 0 : shareAt(times, middle);
      if (share > 0) this.drawRequests(newGroup, minute, requests * share, fault?.effectAt(middle) ?? WELL);
      if (share < 1) {
        this.drawRequests(liveGroup, minute, requests * (1 - share), fault?.liveEffectAt?.(middle) ?? WELL);
      }
      second = until;
    }
    setHosts(this.groups[liveGroup], minute, 6, tasks);
    this.drawNewHosts(minute, from, fault);
  }

  /** The share of the responses of a version that is well that is slow. */
  get normalSlow(): number {
    return this.timesOf(this.input.newGroup, undefined).slowShare;
  }

  /** Requests to the new version that failed or were slow, until a time. Within a minute they are spread evenly. */
  badRequestsUntil(second: number): number {
    const { answered, failed, refused, unrouted, slow } = this.groups[this.input.newGroup];
    let total = 0;
    for (let minute = 0; minute < this.minutes; minute += 1) {
      const from = (this.firstMinuteMs + minute * MINUTE_MS - this.shiftMs) / 1_000;
      const part = Math.min(1, (second - from) / 60);
      if (part <= 0) break;
      this.upTo(minute + 1);
      const responses = answered[minute] ?? 0;
      const bad = failed[minute] ?? 0;
      // Responses fail and are slow independently of each other.
      const slowOnly = responses > 0 ? ((slow[minute] ?? 0) * (responses - bad)) / responses : 0;
      total += part * (bad + slowOnly + (refused[minute] ?? 0) + (unrouted[minute] ?? 0));
    }
    return total;
  }

  /** Requests per second in a minute. */
  private rpsAt(minute: number): number {
    const { rps, profile } = this.input.traffic;
    if (!profile) return rps;
    const minutes = this.firstMinuteMs / MINUTE_MS + minute - MONDAY_MINUTES;
    const cycle = cycleOf(profile);
    return rps * factorAt(profile, ((minutes % cycle) + cycle) % cycle);
  }

  private prepareCuts(fault: Fault | undefined): void {
    const { shifts } = this.input.times;
    this.cuts.length = 0;
    for (const { at } of shifts) this.cuts.push(at);
    if (fault) this.cuts.push(fault.beginsAt, ...fault.changes);
    this.cuts.sort((a, b) => a - b);
  }

  private drawRequests(group: GroupIndex, minute: number, mean: number, effect: Effect): void {
    const { random } = this;
    const counts = this.groups[group];
    const refused = random.poisson(mean * effect.refused);
    const unrouted = random.poisson(mean * effect.unrouted);
    const answered = random.poisson(mean * Math.max(0, 1 - effect.refused - effect.unrouted));
    const times = this.timesOf(group, effect.slowdown);
    const slow = random.binomial(answered, times.slowShare);
    const { normalBad } = this.input.traffic;
    const failed = random.binomial(answered, 1 - (1 - normalBad) * (1 - effect.failed));
    add(counts.refused, minute, refused);
    add(counts.unrouted, minute, unrouted);
    add(counts.answered, minute, answered);
    add(counts.slow, minute, slow);
    add(counts.failed, minute, failed);
    add(counts.succeeded, minute, answered - failed);
    add(counts.requests, minute, answered + refused);
    // They have their own random numbers, so that the other counts don't depend on the bins.
    const offset = minute * counts.bins;
    add(counts.timeSum, minute, times.quick.spread(this.timesRandom, answered - slow, counts.times, offset));
    add(counts.timeSum, minute, times.slow.spread(this.timesRandom, slow, counts.times, offset));
  }

  private timesOf(group: GroupIndex, slowdown: Slowdown | undefined): SharedTimes {
    const known = this.times[group];
    for (const times of known) {
      if (times.slowdown?.seconds === slowdown?.seconds && times.slowdown?.share === slowdown?.share) return times;
    }
    const { traffic, edges, slowSeconds } = this.input;
    const { shares, means } = binnedTimes(traffic.latency, edges[group], slowdown);
    const firstSlow = edges[group].findIndex((edge) => edge >= slowSeconds) + 1;
    const slowShare = shares.slice(firstSlow).reduce((sum, share) => sum + share, 0);
    const range = (from: number, to: number) => new BinRange(from, shares.slice(from, to), means);
    const times = { slowdown, slowShare, quick: range(0, firstSlow), slow: range(firstSlow, shares.length) };
    known.push(times);
    return times;
  }

  private drawNewHosts(minute: number, from: number, fault: Fault | undefined): void {
    const { times, newGroup, tasks } = this.input;
    const counts = this.groups[newGroup];
    const end = from + 60;
    if (end <= times.listens) return;
    if (fault?.hostsAt === undefined && from >= times.listens) return setHosts(counts, minute, 6, tasks);
    for (let second = from + this.hostSamplePhase; second < end; second += HOST_SAMPLE_SECONDS) {
      if (second < times.listens) continue;
      const hosts = fault?.hostsAt ? fault.hostsAt(second) : { healthy: tasks, unhealthy: 0 };
      if (!hosts) continue;
      addHosts(counts, minute, hosts.healthy, hosts.unhealthy);
    }
  }
}

function shareAt({ shifts }: ReleaseTimes, second: number): number {
  let percent = 0;
  for (const shift of shifts) {
    if (shift.at > second) break;
    percent = shift.percent;
  }
  return percent / 100;
}

/** Counts of minutes without anything. @param edges of the bins of response times; by default the limit of slow ones alone */
export function emptyCounts(
  minutes: number,
  slowSeconds: number,
  edges: readonly number[] = [slowSeconds],
): GroupCounts {
  const array = (size = 1) => new Float64Array(minutes * size);
  const hosts = () => ({ sum: array(), minimum: array().fill(Infinity), maximum: array() });
  const bins = edges.length + 1;
  return {
    requests: array(),
    failed: array(),
    succeeded: array(),
    refused: array(),
    unrouted: array(),
    answered: array(),
    slow: array(),
    slowSeconds,
    times: array(bins),
    bins,
    edges,
    timeSum: array(),
    hostSamples: array(),
    healthy: hosts(),
    unhealthy: hosts(),
  };
}

/** Clears the first minutes. */
function clear(counts: GroupCounts, minutes: number): void {
  for (const array of [
    counts.requests,
    counts.failed,
    counts.succeeded,
    counts.refused,
    counts.unrouted,
    counts.answered,
    counts.slow,
    counts.timeSum,
    counts.hostSamples,
    counts.healthy.sum,
    counts.healthy.maximum,
    counts.unhealthy.sum,
    counts.unhealthy.maximum,
  ]) {
    array.fill(0, 0, minutes);
  }
  counts.times.fill(0, 0, minutes * counts.bins);
  counts.healthy.minimum.fill(Infinity, 0, minutes);
  counts.unhealthy.minimum.fill(Infinity, 0, minutes);
}

function add(array: Float64Array, index: number, value: number): void {
  array[index] = (array[index] ?? 0) + value;
}

/** All samples of a minute find the same number of healthy targets. */
export function setHosts(counts: GroupCounts, minute: number, samples: number, healthy: number): void {
  counts.hostSamples[minute] = samples;
  counts.healthy.sum[minute] = samples * healthy;
  counts.healthy.minimum[minute] = counts.healthy.maximum[minute] = healthy;
  counts.unhealthy.minimum[minute] = 0;
}

function addHosts(counts: GroupCounts, minute: number, healthy: number, unhealthy: number): void {
  counts.hostSamples[minute] = (counts.hostSamples[minute] ?? 0) + 1;
  for (const [{ sum, minimum, maximum }, value] of [
    [counts.healthy, healthy],
    [counts.unhealthy, unhealthy],
  ] as const) {
    sum[minute] = (sum[minute] ?? 0) + value;
    minimum[minute] = Math.min(minimum[minute] ?? Infinity, value);
    maximum[minute] = Math.max(maximum[minute] ?? 0, value);
  }
}
