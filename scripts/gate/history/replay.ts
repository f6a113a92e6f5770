import { type GateLimit, parseLimit } from "../../../stacks/gate/limit";
import type { CloudSettings } from "../../cloud/settings";
import type { AlarmTemplate, MetricQuery } from "../../cloud/template";
import {
  type Gate,
  isUnknown,
  type LeftOutAlarm,
  minutesRead,
  prepareGate,
  type PreparedGate,
  type WatchedAlarms,
} from "../gates";
import { Clockwork, stopOf } from "../judgement";
import { keyOf, RandomStream } from "../random";
import { type ReleaseTimes, releaseTimes } from "../timeline";
import { emptyCounts, type GroupCounts, type GroupIndex, type PublishedTraffic, setHosts } from "../traffic";
import { HistoryError, type ServiceMinutes } from "./history";

const MINUTE_MS = 60_000;
/** Two digits are enough for numbers of requests whose chances are averaged. */
const DIGITS = 2;
const GROUPS: readonly [GroupIndex, GroupIndex] = [0, 1];

/** What a replay depends on. */
export interface ReplayInput {
  readonly gate: Gate;
  readonly service: ServiceMinutes;
  readonly watched: WatchedAlarms;
  readonly settings: CloudSettings;
  readonly seed: number;
}

/** One release that is replayed: it starts in a minute of the past. */
export interface ReplayedRelease {
  /** The minute in which it starts, counted from the start of the history. */
  readonly minute: number;
  readonly stopped: boolean;
  /** Requests of the canary that the limit counts at the last look before the last shift; undefined without a limit. */
  readonly seen: number | undefined;
}

/** A gate's judgement of a release in every minute of the past. */
export interface Replay {
  readonly releases: readonly ReplayedRelease[];
  /** Length of a release, with the minutes before it that alarms read. */
  readonly minutesOfRelease: number;
  /** The limit on failed requests; undefined for a gate without one. */
  readonly limit: GateLimit | undefined;
  /** Share of the traffic on the new version after the first shift. */
  readonly canaryShare: number;
}

/** The metrics that a history has. Targets are always healthy. */
const HAS = new Set(["RequestCount", "HTTPCode_Target_5XX_Count", "TargetConnectionErrorCount"]);
const TARGETS = new Set(["HealthyHostCount", "UnHealthyHostCount"]);
const HAS_OF_TIMES = new Set(["SampleCount", "Sum", "Average"]);

/**
 * Replays every minute of a history as if a good release had started in it: each request goes to the new version with
 * the share of traffic that it has at that time, and takes its recorded fate with it. The releases alternate between the
 * two target groups.
 * @throws HistoryError when the history is shorter than a release; Error naming an alarm that can't be evaluated
 */
export function replay({ gate, service, watched, settings, seed }: ReplayInput): Replay {
  const times = releaseTimes(gate.template, settings);
  const slowSeconds = service.slowSeconds ?? 0;
  const prepared = preparedFor({ gate, service, watched, settings });
  const limit = limitOnFailed(prepared);
  const minutesBefore = Math.max(...prepared.map((one) => minutesRead(one, settings)));
  const duration = (times.end - times.start) / 60;
  const last = service.minutes - Math.ceil(duration) - 1;
  if (last < 0) {
    throw new HistoryError(
      `the history has ${service.minutes} minutes, and a release takes ${Math.ceil(duration)}: none can be replayed`,
    );
  }
  const traffic = new ReplayedTraffic(service, times, minutesBefore, slowSeconds, gate.template.service.desiredCount);
  const key = keyOf("history");
  const releases: ReplayedRelease[] = [];
  for (let minute = 0; minute <= last; minute += 1) {
    const newGroup = GROUPS[minute % 2] ?? 0;
    const random = new RandomStream(seed, key, minute);
    const phases = { tick: random.uniform(), poll: random.uniform() };
    traffic.start(random, minute, newGroup);
    const clockwork = new Clockwork(traffic, times, phases, settings);
    const endMs = traffic.shiftMs + times.end * 1_000;
    const stopped = stopOf(prepared[newGroup], traffic, clockwork, endMs, settings) !== undefined;
    const visible = clockwork.publishedMinutes(traffic, clockwork.lastLook(traffic.shiftMs));
    const seen = limit && traffic.requestsBefore(newGroup, visible, limit.windowSeconds / 60);
    releases.push({
      minute,
      stopped,
      seen: seen && Number(seen.toPrecision(DIGITS)),
    });
  }
  return {
    releases,
    minutesOfRelease: Math.ceil(duration),
    limit,
    canaryShare: (times.shifts[0]?.percent ?? 100) / 100,
  };
}

/** The alarms of a gate that a replay leaves out. */
export interface NotReplayed {
  /** Names of all of them, also of those that can't be simulated. */
  readonly alarms: readonly string[];
  /** Those that a simulation has, but that read what the history does not have. */
  readonly lacking: readonly LeftOutAlarm[];
  /** Whether nothing is left of the alarms that would judge a release to one of the target groups. */
  readonly isUnknown: boolean;
}

/** Finds the alarms of a gate that a replay leaves out. @throws Error naming an alarm that can't be evaluated */
export function notReplayed(input: Omit<ReplayInput, "seed">): NotReplayed {
  const prepared = preparedFor(input);
  const lacking = new Map(prepared.flatMap((one) => one.lacking.map((alarm) => [alarm.alarm, alarm])));
  return {
    alarms: [...new Set(prepared.flatMap(({ leftOut }) => leftOut.map(({ alarm }) => alarm)))],
    lacking: [...lacking.values()],
    isUnknown: prepared.some(isUnknown),
  };
}

/** A gate with the alarms that can be replayed. */
interface ReplayedGate extends PreparedGate {
  readonly lacking: readonly LeftOutAlarm[];
}

/** Prepares a gate for a release to each target group, without the alarms that read what the history does not have. */
function preparedFor({ gate, service, watched, settings }: Omit<ReplayInput, "seed">): [ReplayedGate, ReplayedGate] {
  const { slowSeconds } = service;
  const forGroup = (newGroup: GroupIndex): ReplayedGate => {
    const prepared = prepareGate(gate, newGroup, watched, settings);
    const lacking: LeftOutAlarm[] = [];
    const alarms = prepared.alarms.filter(({ alarm }) => {
      const unknown = alarm.metrics.find((metric) => !isKnown(metric, slowSeconds));
      if (!unknown) return true;
      const { metricName, statistic } = unknown;
      const other =
        statistic.startsWith("PR(") && slowSeconds !== undefined
          ? `, but of responses later than ${slowSeconds} s; read it again with this gate`
          : "";
      lacking.push({ alarm: alarm.template.name, why: `the history does not have ${metricName} ${statistic}${other}` });
      return false;
    });
    return { ...prepared, alarms, lacking, leftOut: [...prepared.leftOut, ...lacking] };
  };
  return [forGroup(0), forGroup(1)];
}

function isKnown({ metricName, statistic }: MetricQuery, slowSeconds: number | undefined): boolean {
  if (metricName !== "TargetResponseTime") return HAS.has(metricName) || TARGETS.has(metricName);
  return HAS_OF_TIMES.has(statistic) || (slowSeconds !== undefined && statistic === `PR(${slowSeconds}:)`);
}

/** The limit on failed requests that a release to either target group has; undefined where there is none, or not the same. */
function limitOnFailed(prepared: readonly PreparedGate[]): GateLimit | undefined {
  const [limit, ...others] = prepared.map(({ alarms }) =>
    alarms.flatMap(({ alarm }) => limitOf(alarm.template) ?? []).find(({ isOnFailed }) => isOnFailed),
  );
  return limit && others.every((other) => JSON.stringify(other) === JSON.stringify(limit)) ? limit.limit : undefined;
}

/** The limit of an alarm that is otherwise as the stacks make it, so that the limit alone says when it fires. */
function limitOf({
  metrics = [],
  comparisonOperator,
  threshold,
  evaluationPeriods,
}: AlarmTemplate): { readonly limit: GateLimit; readonly isOnFailed: boolean } | undefined {
  const parsed = parseLimit(metrics);
  if (!parsed || comparisonOperator !== "GreaterThanThreshold" || threshold !== 0 || evaluationPeriods !== 1)
    return undefined;
  const { judged, ...limit } = parsed;
  return { limit, isOnFailed: judged.bad.kind === "failedRequests" };
}

/** The traffic of the past around one release after the other. */
class ReplayedTraffic implements PublishedTraffic {
  readonly groups: readonly [GroupCounts, GroupCounts];
  firstMinuteMs = 0;
  shiftMs = 0;
  readonly minutes: number;
  private random = new RandomStream(0, 0, 0);
  private newGroup: GroupIndex = 0;
  /** The minute of the history that is the first one here. */
  private first = 0;
  /** Minutes that are split. */
  private ready = 0;

  constructor(
    private readonly service: ServiceMinutes,
    private readonly times: ReleaseTimes,
    private readonly minutesBefore: number,
    slowSeconds: number,
    tasks: number,
  ) {
    this.minutes = minutesBefore + Math.ceil((times.end - times.start) / 60) + 1;
    this.groups = [emptyCounts(this.minutes, slowSeconds), emptyCounts(this.minutes, slowSeconds)];
    for (const counts of this.groups) {
      for (let minute = 0; minute < this.minutes; minute += 1) setHosts(counts, minute, 6, tasks);
    }
  }

  /** Puts a release that starts in a minute of the history at a random second. */
  start(random: RandomStream, minute: number, newGroup: GroupIndex): void {
    const { service, times } = this;
    const startMs = service.startMs + minute * MINUTE_MS + Math.floor(random.uniform() * MINUTE_MS);
    this.shiftMs = startMs - times.start * 1_000;
    const first = minute - this.minutesBefore;
    this.first = first;
    this.firstMinuteMs = service.startMs + first * MINUTE_MS;
    this.random = random;
    this.newGroup = newGroup;
    this.ready = 0;
  }

  upTo(minutes: number): void {
    const next = this.groups[this.newGroup];
    const live = this.groups[this.newGroup === 0 ? 1 : 0];
    for (; this.ready < Math.min(minutes, this.minutes); this.ready += 1) {
      const from = (this.firstMinuteMs + this.ready * MINUTE_MS - this.shiftMs) / 1_000;
      this.split(this.random, this.first + this.ready, this.ready, this.shareOf(from), next, live);
    }
  }

  /** The requests of a group in the newest of the visible minutes. */
  requestsBefore(group: GroupIndex, visible: number, minutes: number): number {
    this.upTo(visible);
    const { requests } = this.groups[group];
    let sum = 0;
    for (let minute = Math.max(0, visible - minutes); minute < Math.min(visible, this.minutes); minute += 1) {
      sum += requests[minute] ?? 0;
    }
    return sum;
  }

  /** The new version's share of a minute's traffic. @param from its start, seconds after the first shift */
  private shareOf(from: number): number {
    let share = 0;
    this.times.shifts.forEach(({ at, percent }, index) => {
      const until = this.times.shifts[index + 1]?.at ?? Infinity;
      const seconds = Math.min(from + 60, until) - Math.max(from, at);
      if (seconds > 0) share += (percent / 100) * (seconds / 60);
    });
    return share;
  }

  private split(
    random: RandomStream,
    at: number,
    minute: number,
    share: number,
    next: GroupCounts,
    live: GroupCounts,
  ): void {
    const { service } = this;
    const failed = service.failed[at] ?? 0;
    const refused = service.refused[at] ?? 0;
    const answers = service.answers[at] ?? 0;
    const slow = Math.min(answers, service.slow[at] ?? 0);
    const otherRequests = Math.max(0, (service.requests[at] ?? 0) - failed);
    const perAnswer = answers > 0 ? (service.seconds[at] ?? 0) / answers : 0;
    const part = (count: number) => (share <= 0 ? 0 : share >= 1 ? count : random.binomial(count, share));
    const own = {
      failed: part(failed),
      refused: part(refused),
      slow: part(slow),
      quick: part(answers - slow),
      other: part(otherRequests),
    };
    set(next, minute, own, perAnswer);
    set(
      live,
      minute,
      {
        failed: failed - own.failed,
        refused: refused - own.refused,
        slow: slow - own.slow,
        quick: answers - slow - own.quick,
        other: otherRequests - own.other,
      },
      perAnswer,
    );
  }
}

interface Split {
  readonly failed: number;
  readonly refused: number;
  readonly slow: number;
  readonly quick: number;
  /** Requests that did not fail. */
  readonly other: number;
}

function set(counts: GroupCounts, minute: number, split: Split, perAnswer: number): void {
  counts.requests[minute] = split.failed + split.other;
  counts.failed[minute] = split.failed;
  counts.refused[minute] = split.refused;
  counts.answered[minute] = split.quick + split.slow;
  counts.slow[minute] = split.slow;
  counts.times[minute * counts.bins] = split.quick;
  counts.times[minute * counts.bins + 1] = split.slow;
  counts.timeSum[minute] = (split.quick + split.slow) * perAnswer;
}
