import type { Cancel, Clock } from "../clock";
import { compileMath } from "../metrics/math";
import { publicationOf } from "../metrics/publication";
import {
  AwsError,
  type AlarmState,
  type AlarmStateValue,
  type AlarmsPart,
  type AlarmTransition,
  type Datapoint,
  type MetricsPart,
} from "../parts";
import type { CloudSettings } from "../settings";
import type { AlarmTemplate, MetricQuery } from "../template";
import { evaluate, type AlarmRules, type Slot } from "./evaluate";
import { INITIAL_REASON, reasonDataOf, reasonOf } from "./reason";

/** Periods of a minute and more are evaluated every minute, shorter ones every ten seconds. */
const TICK_MS = 60_000;
const SHORT_TICK_MS = 10_000;

/** Transitions kept; the oldest go first. */
const HISTORY_LIMIT = 10_000;

interface Alarm {
  readonly template: AlarmTemplate;
  readonly rules: AlarmRules;
  /** Seconds. */
  readonly period: number;
  /** How late the slowest of its metrics is published, simulated milliseconds. */
  readonly delayMs: number;
  /** Its datapoints in [from, to), oldest first. */
  readonly read: (from: number, to: number) => readonly Datapoint[];
  state: AlarmState;
}

/** CloudWatch's alarms: evaluated on the clock, by CloudWatch's rules. */
export class Alarms implements AlarmsPart {
  private readonly clock: Clock;
  private readonly settings: CloudSettings;
  private readonly alarms: ReadonlyMap<string, Alarm>;
  private readonly transitions: AlarmTransition[] = [];
  private readonly listeners = new Set<(transition: AlarmTransition) => void>();
  private timers: Cancel[] = [];

  /**
   * @param input the alarms as synthesized, and where their metrics are read
   * @throws Error naming the alarm whose metric, statistic or expression cannot be evaluated
   */
  constructor(input: {
    readonly clock: Clock;
    readonly metrics: MetricsPart;
    readonly templates: readonly AlarmTemplate[];
    readonly settings: CloudSettings;
  }) {
    this.clock = input.clock;
    this.settings = input.settings;
    this.alarms = new Map(input.templates.map((template) => [template.name, this.prepare(template, input.metrics)]));
  }

  /** Evaluates all alarms now, and from here on every minute or, for short periods, every ten seconds. */
  start(): void {
    if (this.timers.length > 0) return;
    const [short, long] = [
      [...this.alarms.values()].filter(isShort),
      [...this.alarms.values()].filter((a) => !isShort(a)),
    ];
    for (const [alarms, tickMs] of [
      [short, SHORT_TICK_MS],
      [long, TICK_MS],
    ] as const) {
      const evaluateAll = () => {
        for (const alarm of alarms) this.evaluate(alarm);
      };
      evaluateAll();
      this.timers.push(this.clock.every(tickMs, evaluateAll));
    }
  }

  /** Ends the evaluation; the states stay as they are. */
  stop(): void {
    for (const cancel of this.timers) cancel();
    this.timers = [];
  }

  /** Calls `listener` on every change of an alarm's state until the returned function is called. */
  onTransition(listener: (transition: AlarmTransition) => void): Cancel {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  all(): readonly AlarmState[] {
    return [...this.alarms.values()].map(({ state }) => state);
  }

  state(name: string): AlarmState | undefined {
    return this.alarms.get(name)?.state;
  }

  /** @throws AwsError ResourceNotFound for an unknown alarm */
  set(name: string, value: AlarmStateValue, reason: string, reasonData?: string): void {
    const alarm = this.alarms.get(name);
    if (!alarm) throw new AwsError("ResourceNotFound", `there is no alarm named ${name}`, 404);
    this.change(alarm, value, reason, reasonData);
  }

  history(): readonly AlarmTransition[] {
    return [...this.transitions];
  }

  private prepare(template: AlarmTemplate, metrics: MetricsPart): Alarm {
    try {
      const now = this.clock.now();
      const { metric } = template;
      return {
        template,
        rules: {
          ...template,
          statistic: metric?.statistic,
          oldBreachingDataAlarms: this.settings.oldBreachingDataAlarms,
        },
        ...(metric ? this.prepareMetric(metric, metrics) : this.prepareMath(template, metrics)),
        state: {
          template,
          value: "INSUFFICIENT_DATA",
          reason: INITIAL_REASON,
          updatedAt: now,
          transitionedAt: now,
        },
      };
    } catch (error) {
      throw new Error(`alarm "${template.name}": ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  private prepareMetric(metric: MetricQuery, metrics: MetricsPart): Pick<Alarm, "period" | "read" | "delayMs"> {
    const read: Alarm["read"] = (from, to) => metrics.read(metric, from, to);
    // A statistic or period that is not known shows only when it is read.
    read(0, 0);
    return { period: metric.period, read, delayMs: this.delayOf([metric.namespace]) };
  }

  private prepareMath(template: AlarmTemplate, metrics: MetricsPart): Pick<Alarm, "period" | "read" | "delayMs"> {
    const queries = template.metrics ?? [];
    const returned = queries.filter(({ returnData }) => returnData);
    const [watched] = returned;
    if (!watched || returned.length > 1) {
      throw new Error(`exactly one of its metrics must return data, not ${returned.length}`);
    }
    const math = compileMath(queries);
    const read: Alarm["read"] = (from, to) =>
      math.evaluate(watched.id, (query, start, end) => metrics.read(query, start, end), from, to);
    // Unknown ids, statistics and operands that do not fit show only when it is computed.
    read(0, 0);
    return { period: math.period, read, delayMs: this.delayOf(math.metrics.map(({ namespace }) => namespace)) };
  }

  private delayOf(namespaces: readonly string[]): number {
    return Math.max(...namespaces.map((namespace) => publicationOf(namespace, this.settings).delayMs));
  }

  private evaluate(alarm: Alarm): void {
    const now = this.clock.now();
    const periodMs = alarm.period * 1_000;
    // The range ends with the newest bucket that is due by now: what is merely late is not missing.
    const due = now - alarm.delayMs;
    const end = due - (due % periodMs);
    const count = alarm.rules.evaluationPeriods + this.settings.extraEvaluationBuckets;
    const points = new Map(alarm.read(end - count * periodMs, end).map((point) => [point.at, point]));
    const slots: readonly Slot[] = Array.from({ length: count }, (_, index) => {
      const at = end - (index + 1) * periodMs;
      return { at, point: points.get(at) };
    });
    const { rules, period } = alarm;
    const verdict = evaluate(rules, slots);
    const { value } = verdict;
    if (value === "keep" || value === alarm.state.value) return;
    const reasonData = reasonDataOf({ rules, verdict, value, slots, now, period });
    this.change(alarm, value, reasonOf(rules, verdict, value), reasonData);
  }

  private change(alarm: Alarm, value: AlarmStateValue, reason: string, reasonData?: string): void {
    const at = this.clock.now();
    const { value: from, transitionedAt } = alarm.state;
    alarm.state = {
      template: alarm.template,
      value,
      reason,
      reasonData,
      updatedAt: at,
      transitionedAt: value === from ? transitionedAt : at,
    };
    if (value === from) return;
    const data = reasonData === undefined ? {} : { reasonData };
    const transition: AlarmTransition = { alarmName: alarm.template.name, at, from, to: value, reason, ...data };
    this.transitions.push(transition);
    if (this.transitions.length > HISTORY_LIMIT) this.transitions.shift();
    for (const listener of this.listeners) listener(transition);
  }
}

function isShort(alarm: Alarm): boolean {
  return alarm.period < 60;
}
