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

/** Number of transitions that the history keeps; the oldest are dropped first. */
const HISTORY_LIMIT = 10_000;

interface Alarm {
  readonly template: AlarmTemplate;
  readonly rules: AlarmRules;
  /** Seconds. */
  readonly period: number;
  /** Where its periods begin and end. */
  readonly boundaries: Boundaries;
  /** Publication delay of the slowest of its metrics, in simulated milliseconds. */
  readonly delayMs: number;
  /** Reads its datapoints for the periods between the boundaries, oldest first. */
  readonly read: (boundaries: readonly number[]) => readonly Datapoint[];
  state: AlarmState;
}

/** The source of an alarm's datapoints. */
type Source = Pick<Alarm, "period" | "read" | "delayMs">;

/** CloudWatch's alarms, evaluated at intervals of the simulated clock. */
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
   * @param input `templates` are the alarms of the stacks; `metrics` is the store that they read
   * @throws Error naming the alarm whose metric, statistic, expression or window can't be evaluated
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

  /** Evaluates all alarms now, then every minute; alarms with a period below a minute every ten seconds. */
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
      this.requireRetainedValues(template, source);
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
    // This read finds an unknown statistic or period.
    read([]);
    return { period: metric.period, read, delayMs: this.delayOf([metric.namespace]) };
  }

  private prepareMath(template: AlarmTemplate): Source {
    const queries = template.metrics ?? [];
    const returned = queries.filter(({ returnData }) => returnData);
    const [line] = returned;
    if (!line || returned.length > 1) {
      throw new Error(`exactly one of its metrics must return data, not ${returned.length}`);
    }
    const math = compileMath(queries);
    const read: Alarm["read"] = (boundaries) =>
      math.evaluate(line.id, (query, within) => this.metrics.read(query, within), boundaries);
    // This read finds unknown ids and statistics, and operands of the wrong kind.
    read([]);
    return { period: math.period, read, delayMs: this.delayOf(math.metrics.map(({ namespace }) => namespace)) };
  }

  private delayOf(namespaces: readonly string[]): number {
    return Math.max(...namespaces.map((namespace) => publicationOf(namespace, this.settings).delayMs));
  }

  /** Refuses a percentile whose evaluation range is longer than the time for which single values are kept. */
  private requireRetainedValues(
    { metric, metrics = [], evaluationPeriods }: AlarmTemplate,
    { period, delayMs }: Source,
  ): void {
    const statistics = [metric, ...metrics.map((query) => query.metric)].map((query) => query?.statistic ?? "");
    const percentile = statistics.find((statistic) => percentileOf(statistic) !== undefined);
    if (percentile === undefined || evaluationPeriods * period * 1_000 + delayMs <= VALUES_RETAINED_MS) return;
    const hours = VALUES_RETAINED_MS / 3_600_000;
    throw new Error(
      `the local cloud keeps the single values that ${percentile} needs for ${hours} hours; ` +
        `${evaluationPeriods} periods of ${period} s take longer`,
    );
  }

  private evaluate(alarm: Alarm): void {
    const now = this.clock.now();
    const count = alarm.rules.evaluationPeriods + this.settings.extraEvaluationBuckets;
    // The range ends with the newest period that has to be visible by now. A period within the publication delay isn't
    // missing data.
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
