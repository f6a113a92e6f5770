import type { AwsPort } from "./aws-port";
import type { AlarmView } from "./snapshot";

/** DescribeAlarms takes at most so many names; a deployment group has at most 50. */
const NAMES_A_CALL = 100;

/**
 * The state of these alarms, metric and composite ones, in the order of `names`. Names that don't exist are missing.
 *
 * @throws what DescribeAlarms throws
 */
export async function readAlarms(aws: AwsPort, names: readonly string[]): Promise<readonly AlarmView[]> {
  const found = new Map<string, AlarmView>();
  for (let first = 0; first < names.length; first += NAMES_A_CALL) {
    const chunk = names.slice(first, first + NAMES_A_CALL);
    const { MetricAlarms = [], CompositeAlarms = [] } = await aws.describeAlarms({
      AlarmNames: chunk,
      // Without it CloudWatch answers with metric alarms only.
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      MaxRecords: chunk.length,
    });
    for (const alarm of [...MetricAlarms, ...CompositeAlarms]) {
      if (alarm.AlarmName === undefined) continue;
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
      found.set(alarm.AlarmName, {
        name: alarm.AlarmName,
        state: alarm.StateValue ?? "INSUFFICIENT_DATA",
        ...(alarm.StateReason !== undefined && { reason: alarm.StateReason }),
        ...(since && { since: since.getTime() }),
      });
    }
  }
  return names.flatMap((name) => found.get(name) ?? []);
}

/** Alarms by state, e.g. `6 OK, 2 without data`. An alarm without data says nothing good and nothing bad. Pure. */
export function statesInWords(alarms: readonly AlarmView[]): string {
  const words: Readonly<Record<string, string>> = { ALARM: "in ALARM", INSUFFICIENT_DATA: "without data" };
  const states = ["ALARM", "OK", "INSUFFICIENT_DATA"];
  const others = alarms.map(({ state }) => state).filter((state) => !states.includes(state));
  return [...states, ...new Set(others)]
    .map((state) => ({ state, count: alarms.filter((alarm) => alarm.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${words[state] ?? state}`)
    .join(", ");
}
