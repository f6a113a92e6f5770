import type { AlarmStateValue } from "../alarms/part";
import type { MachineEvent } from "./machine-types";

/**
 * The alarms of a deployment: the group's, or those with which CreateDeployment overrides them.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html
 */
export interface AlarmConfiguration {
  readonly enabled: boolean;
  readonly names: readonly string[];
  /** Whether the deployment continues when the state of an alarm can't be read. */
  readonly ignorePollAlarmFailure: boolean;
}

/**
 * Checks the alarms of a deployment.
 * @param stateOf gives the state of an alarm; undefined when it can't be read, for example because it does not exist
 * @param insufficientDataStops whether INSUFFICIENT_DATA counts as ALARM (not documented by AWS)
 * @returns the event for the state machine; undefined when the deployment continues
 */
export function checkAlarms(
  { enabled, names, ignorePollAlarmFailure }: AlarmConfiguration,
  stateOf: (name: string) => AlarmStateValue | undefined,
  insufficientDataStops: boolean,
): Extract<MachineEvent, { type: "alarmFired" | "alarmsUnreadable" }> | undefined {
  if (!enabled) return undefined;
  const states = names.map((name) => ({ name, state: stateOf(name) }));
  const fired = states.filter(
    ({ state }) => state === "ALARM" || (insufficientDataStops && state === "INSUFFICIENT_DATA"),
  );
  if (fired.length > 0) return { type: "alarmFired", names: fired.map(({ name }) => name) };
  const unreadable = states.filter(({ state }) => state === undefined);
  if (unreadable.length === 0 || ignorePollAlarmFailure) return undefined;
  return { type: "alarmsUnreadable", names: unreadable.map(({ name }) => name) };
}
