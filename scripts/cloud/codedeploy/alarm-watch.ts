import type { AlarmStateValue } from "../alarms/part";
import type { MachineEvent } from "./machine-types";

/** The alarms of a deployment: the group's, or the ones that CreateDeployment put in their place. */
export interface AlarmConfiguration {
  readonly enabled: boolean;
  readonly names: readonly string[];
  /** Go on when the state of an alarm cannot be read. */
  readonly ignorePollAlarmFailure: boolean;
}

/**
 * What one look at the alarms means for the deployment; undefined: nothing.
 *
 * @param stateOf state of an alarm; undefined when it cannot be read, for instance because there is no such alarm
 * @param insufficientDataStops whether INSUFFICIENT_DATA counts as ALARM (AWS does not document it)
 */
export function lookAtAlarms(
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
