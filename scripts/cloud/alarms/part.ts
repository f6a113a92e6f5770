import type { AlarmTemplate, EvaluationWindow } from "../template";

/** The states of an alarm. */
export type AlarmStateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** An alarm and the state it is in. */
export interface AlarmState {
  readonly template: AlarmTemplate;
  /** When the alarm was made or last changed by PutMetricAlarm. */
  readonly configuredAt: number;
  readonly value: AlarmStateValue;
  readonly reason: string;
  /** JSON, as StateReasonData. */
  readonly reasonData?: string;
  /** Last evaluation or SetAlarmState that changed something. */
  readonly updatedAt: number;
  /** Last change of `value`. */
  readonly transitionedAt: number;
}

/** One change of an alarm's state. */
export interface AlarmTransition {
  readonly alarmName: string;
  readonly at: number;
  readonly from: AlarmStateValue;
  readonly to: AlarmStateValue;
  readonly reason: string;
  /** JSON, as StateReasonData. */
  readonly reasonData?: string;
}

/** The alarms: those of the stacks, and what PutMetricAlarm and DeleteAlarms made of them. */
export interface AlarmsPart {
  all(): readonly AlarmState[];
  state(name: string): AlarmState | undefined;
  /** SetAlarmState: holds until the next evaluation. */
  set(name: string, value: AlarmStateValue, reason: string, reasonData?: string): void;
  /**
   * Makes an alarm, or changes the one of this name, which keeps its state until it is evaluated.
   * @throws Error naming the alarm whose metric, statistic, expression or window can't be evaluated
   */
  put(template: AlarmTemplate): void;
  /** Deletes an alarm; does nothing when there is none of this name. */
  delete(name: string): void;
  history(): readonly AlarmTransition[];
}

/**
 * Reads CloudWatch's union of evaluation windows, of which exactly one member is set.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_EvaluationWindow.html
 * @returns undefined when both members are set, or none
 */
export function evaluationWindowOf(
  slidingWindow: object | undefined,
  wallClockWindow: { readonly timeZone: string | undefined } | undefined,
): EvaluationWindow | undefined {
  if ((slidingWindow === undefined) === (wallClockWindow === undefined)) return undefined;
  if (!wallClockWindow) return { type: "sliding" };
  const { timeZone } = wallClockWindow;
  return { type: "wallClock", ...(timeZone !== undefined && { timeZone }) };
}
