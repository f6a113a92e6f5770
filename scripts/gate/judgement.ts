import type { ReadMetric } from "../cloud/metrics/math";
import type { CloudSettings } from "../cloud/settings";
import type { PreparedGate, WatchedAlarm } from "./gates";
import type { ReleaseTimes } from "./timeline";
import { datapointsOf } from "./published";
import type { PublishedTraffic } from "./traffic";

const MINUTE_MS = 60_000;

/** The random part of a release's clockwork. Shares of an interval, from 0 to 1. */
export interface Phases {
  /** When alarms are evaluated within a minute. */
  readonly tick: number;
  /** When CodeDeploy first reads the alarms within its interval. */
  readonly poll: number;
}

/** The settings of the local cloud that a judgement follows from. */
export type JudgementSettings = Pick<
  CloudSettings,
  "metricDelaySeconds" | "alarmPollSeconds" | "insufficientDataStops"
>;

/** When alarms are evaluated, and when CodeDeploy reads them. Milliseconds since the Unix epoch. */
export class Clockwork {
  readonly startMs: number;
  private readonly tickMs: number;
  private readonly firstPollMs: number;
  private readonly pollMs: number;

  constructor(
    traffic: Pick<PublishedTraffic, "shiftMs">,
    private readonly times: ReleaseTimes,
    phases: Phases,
    private readonly settings: JudgementSettings,
  ) {
    this.startMs = traffic.shiftMs + times.start * 1_000;
    this.tickMs = Math.floor(phases.tick * MINUTE_MS);
    this.pollMs = settings.alarmPollSeconds * 1_000;
    this.firstPollMs = this.startMs + phases.poll * this.pollMs;
  }

  /** The newest tick of alarms with this interval at or before a time. */
  tickBefore(time: number, intervalMs: number): number {
    const phase = this.tickMs % intervalMs;
    return Math.floor((time - phase) / intervalMs) * intervalMs + phase;
  }

  /** When CodeDeploy sees a state that an alarm has from a tick on; a deployment that starts later sees it at once. */
  seenAt(tick: number): number {
    if (tick <= this.startMs) return this.startMs;
    const polls = Math.max(0, Math.ceil((tick - this.firstPollMs) / this.pollMs));
    return this.firstPollMs + polls * this.pollMs;
  }

  /** The last tick that can still stop a release before its last shift of traffic. */
  lastLook(shiftMs: number): number {
    const lastShiftMs = shiftMs + this.times.lastShift * 1_000;
    let tick = this.tickBefore(lastShiftMs, MINUTE_MS);
    while (this.seenAt(tick) >= lastShiftMs) tick -= MINUTE_MS;
    return tick;
  }

  /** The number of a traffic's minutes that are published by a time. */
  publishedMinutes(traffic: Pick<PublishedTraffic, "firstMinuteMs">, time: number): number {
    return Math.floor((time - this.settings.metricDelaySeconds * 1_000 - traffic.firstMinuteMs) / MINUTE_MS);
  }
}

const NONE: WatchedAlarm["readers"] = new Map();

/**
 * Watches the alarms of a gate during one release, as CodeDeploy does: from its start until the old version is gone.
 * @param untilMs the end of the deployment, milliseconds since the Unix epoch
 * @returns when CodeDeploy sees an alarm in ALARM, milliseconds since the Unix epoch; undefined: it never does
 */
export function stopOf(
  gate: PreparedGate,
  traffic: PublishedTraffic,
  clockwork: Clockwork,
  untilMs: number,
  { insufficientDataStops }: JudgementSettings,
): number | undefined {
  if (gate.alarms.length === 0) return undefined;
  let [stepMs, longestMs] = [Infinity, 0];
  for (const { alarm } of gate.alarms) {
    stepMs = Math.min(stepMs, alarm.intervalMs);
    longestMs = Math.max(longestMs, alarm.intervalMs);
  }
  let visible = 0;
  let readers: WatchedAlarm["readers"] = NONE;
  const read: ReadMetric = (query, boundaries) => {
    const metric = readers.get(query);
    return metric ? datapointsOf(metric, traffic, boundaries, visible) : [];
  };
  // The first ticks are before the start: an alarm may be in ALARM already. Each tick of a long interval is also one of a
  // short interval.
  for (let tick = clockwork.tickBefore(clockwork.startMs, longestMs); tick < untilMs; tick += stepMs) {
    visible = clockwork.publishedMinutes(traffic, tick);
    traffic.upTo(visible);
    for (const { alarm, readers: own, mayFire } of gate.alarms) {
      if (alarm.intervalMs !== stepMs && clockwork.tickBefore(tick, alarm.intervalMs) !== tick) continue;
      if (mayFire && !mayFire(traffic, tick, visible)) continue;
      readers = own;
      const { value } = alarm.decide(tick, read).evaluation;
      if (value !== "ALARM" && !(insufficientDataStops && value === "INSUFFICIENT_DATA")) continue;
      const seen = clockwork.seenAt(tick);
      if (seen < untilMs) return seen;
    }
  }
  return undefined;
}
