import type { AlarmTemplate, EvaluationWindow } from "../template";

/** The states of an alarm. */
export type AlarmStateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** An alarm and its state. Times are simulated milliseconds since the Unix epoch. */
export interface AlarmState {
  readonly template: AlarmTemplate;
  /** When the alarm was created, or last changed by PutMetricAlarm. */
  readonly configuredAt: number;
  readonly value: AlarmStateValue;
  readonly reason: string;
  /** JSON, as StateReasonData. */
  readonly reasonData?: string;
  /** When an evaluation or SetAlarmState last changed the state or its reason. */
  readonly updatedAt: number;
  /** When `value` last changed. */
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

/** The alarms: those of the stacks, and the changes of PutMetricAlarm and DeleteAlarms. */
export interface AlarmsPart {
  all(): readonly AlarmState[];
  state(name: string): AlarmState | undefined;
  /**
   * Sets the state until the next evaluation, as SetAlarmState does.
   * @throws AwsError ResourceNotFound for an unknown alarm
   */
  set(name: string, value: AlarmStateValue, reason: string, reasonData?: string): void;
  /**
   * Creates an alarm, or changes the alarm of this name. A changed alarm keeps its state until the next evaluation.
   * @throws Error naming the alarm whose metric, statistic, expression or window can't be evaluated
   */
  put(template: AlarmTemplate): void;
  /** Deletes an alarm; does nothing for an unknown name. */
  delete(name: string): void;
  /** The newest changes of states, oldest first. */
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
