import { AwsError } from "../aws-error";
import type { Cancel, Clock } from "../clock";
import { compileMath } from "../metrics/math";
import { type Datapoint, type MetricsPart, VALUES_RETAINED_MS } from "../metrics/part";
import { publicationOf } from "../metrics/publication";
import { percentileOf } from "../metrics/statistic";
import type { CloudSettings } from "../settings";
import { type Observable, Subject } from "../subject";
import type { AlarmTemplate, MetricQuery } from "../template";
import { type AlarmRules, evaluate, type Slot } from "./evaluate";
import { type Boundaries, boundariesOf, EVALUATION_INTERVALS_MS, evaluationIntervalMs } from "./evaluation-window";
import type { AlarmsPart, AlarmState, AlarmStateValue, AlarmTransition } from "./part";
import { INITIAL_REASON, reasonDataOf, reasonOf } from "./reason";

/** Transitions kept; the oldest go first. */
const HISTORY_LIMIT = 10_000;

interface Alarm {
  readonly template: AlarmTemplate;
  readonly rules: AlarmRules;
  /** Seconds. */
  readonly period: number;
  /** Where its periods begin and end. */
  readonly boundaries: Boundaries;
  /** How late the slowest of its metrics is published, simulated milliseconds. */
  readonly delayMs: number;
  /** Its datapoints for the periods between these boundaries, oldest first. */
  readonly read: (boundaries: readonly number[]) => readonly Datapoint[];
  state: AlarmState;
}

/** Where an alarm's datapoints come from. */
type Source = Pick<Alarm, "period" | "read" | "delayMs">;

/** CloudWatch's alarms: evaluated on the clock, by CloudWatch's rules. */
export class Alarms implements AlarmsPart {
  private readonly clock: Clock;
  private readonly metrics: MetricsPart;
  private readonly settings: CloudSettings;
  private readonly alarms: Map<string, Alarm>;
  private readonly pastTransitions: AlarmTransition[] = [];
  private readonly transitionSubject = new Subject<AlarmTransition>();
  private timers: Cancel[] = [];
  /** Every change of an alarm's state. */
  readonly transitions: Observable<AlarmTransition> = this.transitionSubject;

  /**
   * @param input the alarms as synthesized, and where their metrics are read
   * @throws Error naming the alarm whose metric, statistic, expression or window cannot be evaluated
   */
  constructor(input: {
    readonly clock: Clock;
    readonly metrics: MetricsPart;
    readonly templates: readonly AlarmTemplate[];
    readonly settings: CloudSettings;
  }) {
    this.clock = input.clock;
    this.metrics = input.metrics;
    this.settings = input.settings;
    this.alarms = new Map(input.templates.map((template) => [template.name, this.prepare(template)]));
  }

  /** Evaluates all alarms now, and from here on every minute or, for short periods, every ten seconds. */
  start(): void {
    if (this.timers.length > 0) return;
    for (const intervalMs of EVALUATION_INTERVALS_MS) {
      const evaluateAll = () => {
        for (const alarm of this.alarms.values()) {
          if (evaluationIntervalMs(alarm.period) === intervalMs) this.evaluate(alarm);
        }
      };
      evaluateAll();
      this.timers.push(this.clock.every(intervalMs, evaluateAll));
    }
  }

  /** Ends the evaluation; the states stay as they are. */
  stop(): void {
    for (const cancel of this.timers) cancel();
    this.timers = [];
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

  put(template: AlarmTemplate): void {
    const prepared = this.prepare(template);
    const before = this.alarms.get(template.name)?.state;
    if (before) prepared.state = { ...before, template, configuredAt: prepared.state.configuredAt };
    this.alarms.set(template.name, prepared);
    if (this.timers.length > 0 && !before) this.evaluate(prepared);
  }

  delete(name: string): void {
    this.alarms.delete(name);
  }

  history(): readonly AlarmTransition[] {
    return [...this.pastTransitions];
  }

  private prepare(template: AlarmTemplate): Alarm {
    try {
      const now = this.clock.now();
      const { metric } = template;
      const source = metric ? this.prepareMetric(metric) : this.prepareMath(template);
      this.requireValues(template, source);
      return {
        template,
        rules: {
          ...template,
          statistic: metric?.statistic,
          oldBreachingDataAlarms: this.settings.oldBreachingDataAlarms,
        },
        ...source,
        boundaries: boundariesOf(template.evaluationWindow, source.period, this.settings.wallClockWeekStartsOn),
        state: {
          template,
          configuredAt: now,
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

  private prepareMetric(metric: MetricQuery): Source {
    const read: Alarm["read"] = (boundaries) => this.metrics.read(metric, boundaries);
    // A statistic or period that is not known shows only when it is read.
    read([]);
    return { period: metric.period, read, delayMs: this.delayOf([metric.namespace]) };
  }

  private prepareMath(template: AlarmTemplate): Source {
    const queries = template.metrics ?? [];
    const returned = queries.filter(({ returnData }) => returnData);
    const [watched] = returned;
    if (!watched || returned.length > 1) {
      throw new Error(`exactly one of its metrics must return data, not ${returned.length}`);
    }
    const math = compileMath(queries);
    const read: Alarm["read"] = (boundaries) =>
      math.evaluate(watched.id, (query, within) => this.metrics.read(query, within), boundaries);
    // Unknown ids, statistics and operands that do not fit show only when it is computed.
    read([]);
    return { period: math.period, read, delayMs: this.delayOf(math.metrics.map(({ namespace }) => namespace)) };
  }

  private delayOf(namespaces: readonly string[]): number {
    return Math.max(...namespaces.map((namespace) => publicationOf(namespace, this.settings).delayMs));
  }

  /** A percentile needs the single values behind it, which are not kept for as long as sums and counts. */
  private requireValues({ metric, metrics = [], evaluationPeriods }: AlarmTemplate, { period, delayMs }: Source): void {
    const statistics = [metric, ...metrics.map((query) => query.metric)].map((query) => query?.statistic ?? "");
    const percentile = statistics.find((statistic) => percentileOf(statistic) !== undefined);
    if (percentile === undefined || evaluationPeriods * period * 1_000 + delayMs <= VALUES_RETAINED_MS) return;
    const hours = VALUES_RETAINED_MS / 3_600_000;
    throw new Error(
      `the local cloud keeps the values behind ${percentile} for ${hours} hours; ` +
        `${evaluationPeriods} periods of ${period} s need them for longer`,
    );
  }

  private evaluate(alarm: Alarm): void {
    const now = this.clock.now();
    const count = alarm.rules.evaluationPeriods + this.settings.extraEvaluationBuckets;
    // The range ends with the newest data that is due by now: what is merely late is not missing.
    const boundaries = alarm.boundaries(now - alarm.delayMs, count);
    const points = new Map(alarm.read(boundaries).map((point) => [point.at, point]));
    const slots: readonly Slot[] = boundaries
      .slice(0, -1)
      .reverse()
      .map((at) => ({ at, point: points.get(at) }));
    const { rules, period } = alarm;
    const evaluation = evaluate(rules, slots);
    const { value } = evaluation;
    if (value === "keep" || value === alarm.state.value) return;
    const reasonData = reasonDataOf({ rules, evaluation, value, slots, now, period });
    this.change(alarm, value, reasonOf(rules, evaluation, value), reasonData);
  }

  private change(alarm: Alarm, value: AlarmStateValue, reason: string, reasonData?: string): void {
    const at = this.clock.now();
    const { value: from, transitionedAt } = alarm.state;
    alarm.state = {
      ...alarm.state,
      value,
      reason,
      reasonData,
      updatedAt: at,
      transitionedAt: value === from ? transitionedAt : at,
    };
    if (value === from) return;
    const data = reasonData === undefined ? {} : { reasonData };
    const transition: AlarmTransition = { alarmName: alarm.template.name, at, from, to: value, reason, ...data };
    this.pastTransitions.push(transition);
    if (this.pastTransitions.length > HISTORY_LIMIT) this.pastTransitions.shift();
    this.transitionSubject.notify(transition);
  }
}
