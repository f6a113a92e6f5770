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

/**
 * The alarms that ended a deployment: those that CodeDeploy's message names; when it ended for an alarm and names none
 * we know, those seen in ALARM. Pure.
 *
 * @param error CodeDeploy's errorInformation; the message's wording is not relied on
 */
export function blamedAlarms(
  error: { readonly code: string; readonly message: string } | undefined,
  known: readonly AlarmView[],
  seen: readonly AlarmView[],
): readonly AlarmView[] {
  const named = known.filter(({ name }) => names(error?.message ?? "", name));
  // The reason of the moment it fired. By now it may be OK again, and the reason it has now is why it is OK.
  const asSeen = named.map(
    (alarm) =>
      seen.find(({ name }) => name === alarm.name) ??
      (alarm.state === "ALARM" ? alarm : { name: alarm.name, state: alarm.state }),
  );
  return asSeen.length > 0 || error?.code !== "ALARM_ACTIVE" ? asSeen : seen;
}

/** Whether a message has this name in it, and not just as a part of a longer one. */
function names(message: string, name: string): boolean {
  const isPartOfName = (character: string | undefined) => character !== undefined && /[\w-]/.test(character);
  for (let at = message.indexOf(name); at !== -1; at = message.indexOf(name, at + 1)) {
    if (!isPartOfName(message[at - 1]) && !isPartOfName(message[at + name.length])) return true;
  }
  return false;
}
