import { AwsError } from "../aws-error";
import type { Cancel, Clock } from "../clock";
import type { MetricsPart } from "../metrics/part";
import type { CloudSettings } from "../settings";
import { type Observable, Subject } from "../subject";
import type { AlarmTemplate } from "../template";
import { EVALUATION_INTERVALS_MS } from "./evaluation-window";
import type { AlarmsPart, AlarmState, AlarmStateValue, AlarmTransition } from "./part";
import { prepareAlarm, type PreparedAlarm } from "./prepare";
import { INITIAL_REASON, reasonDataOf, reasonOf } from "./reason";

/** Number of transitions that the history keeps; the oldest are dropped first. */
const HISTORY_LIMIT = 10_000;

interface Alarm {
  readonly prepared: PreparedAlarm;
  state: AlarmState;
}

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
          if (alarm.prepared.intervalMs === intervalMs) this.evaluate(alarm);
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
    const now = this.clock.now();
    return {
      prepared: prepareAlarm(template, this.settings),
      state: {
        template,
        configuredAt: now,
        value: "INSUFFICIENT_DATA",
        reason: INITIAL_REASON,
        updatedAt: now,
        transitionedAt: now,
      },
    };
  }

  private evaluate(alarm: Alarm): void {
    const now = this.clock.now();
    const { rules, period } = alarm.prepared;
    const { evaluation, slots } = alarm.prepared.decide(now, (query, boundaries) =>
      this.metrics.read(query, boundaries),
    );
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
    const transition: AlarmTransition = {
      alarmName: alarm.prepared.template.name,
      at,
      from,
      to: value,
      reason,
      ...data,
    };
    this.pastTransitions.push(transition);
    if (this.pastTransitions.length > HISTORY_LIMIT) this.pastTransitions.shift();
    this.transitionSubject.notify(transition);
  }
}
