import { duration } from "../../command/duration";
import { ALARM_ACTIVE } from "../alarm-cause";
import {
  isKeepingOldTaskSet,
  isUnread,
  weightsOf,
  type DeploymentView,
  type EventView,
  type Snapshot,
} from "../snapshot";
import { summarize } from "../report";
import { weightsInWords } from "../traffic-state";
import { unreadWords } from "./words";

/** A line for each change since the previous snapshot. Pure. */
export function changesBetween(previous: Snapshot | undefined, current: Snapshot): readonly string[] {
  return [
    ...deploymentChanges(previous?.deployment, current.deployment),
    ...eventChanges(previous, current),
    ...weightChanges(previous, current),
    ...alarmChanges(previous, current),
    ...(previous && summarize(previous.stoppedTasks).join() === summarize(current.stoppedTasks).join()
      ? []
      : summarize(current.stoppedTasks)),
    ...current.serviceMessages
      .filter((message) => previous?.serviceMessages.includes(message) !== true)
      .map((message) => `ECS: ${message}`),
    ...(isKeepingOldTaskSet(current) && !(previous && isKeepingOldTaskSet(previous))
      ? [`all traffic moved; the old version is kept for a while${stillWatched(current)}`]
      : []),
    ...rollbackChanges(previous, current),
    ...unreadChanges(previous, current),
  ];
}

/** Addition for the termination wait, in which CodeDeploy still watches the alarms. */
const stillWatched = ({ alarms }: Snapshot) => (alarms.length === 0 ? "" : ", and its alarms are still watched");

function deploymentChanges(previous: DeploymentView | undefined, current: DeploymentView): string[] {
  if (previous?.status === current.status) return [];
  return [`${current.id}: ${current.status}${current.error ? errorWords(current.error) : ""}`];
}

/** CodeDeploy's message about alarms names those that a line of their own names, and the report gives the alarms' reasons. */
function errorWords({ code, message }: NonNullable<DeploymentView["error"]>): string {
  return code === ALARM_ACTIVE ? ` (${code})` : `: ${message} (${code})`;
}

function eventChanges(previous: Snapshot | undefined, current: Snapshot): string[] {
  const before = new Map(previous?.target?.events.map((event) => [event.name, event.status]));
  return (current.target?.events ?? [])
    .filter((event) => event.status !== "Pending" && event.status !== before.get(event.name))
    .map(eventLine);
}

function eventLine(event: EventView): string {
  const took =
    event.startedAt !== undefined && event.endedAt !== undefined
      ? ` (${duration(event.endedAt - event.startedAt)})`
      : "";
  switch (event.status) {
    case "InProgress":
      return `  > ${event.name}`;
    case "Succeeded":
      return `  ✓ ${event.name}${took}`;
    case "Failed":
      return `  ✗ ${event.name}${took}${event.message ? `: ${event.message}` : ""}`;
    default:
      return `  - ${event.name}: ${event.status}`;
  }
}

function weightChanges(previous: Snapshot | undefined, current: Snapshot): string[] {
  const [before, now] = [weightsOf(previous?.target), weightsOf(current.target)];
  if (!now || (before?.old === now.old && before.new === now.new)) return [];
  return [`traffic: ${weightsInWords(now)}`];
}

function alarmChanges(previous: Snapshot | undefined, current: Snapshot): string[] {
  const before = new Map(previous?.alarms.map((alarm) => [alarm.name, alarm.state]));
  return current.alarms.flatMap((alarm) => {
    const was = before.get(alarm.name);
    // The first snapshot reports only alarms that already fire.
    if (was === alarm.state || (was === undefined && alarm.state !== "ALARM")) return [];
    return [`alarm ${alarm.name}: ${alarm.state}`];
  });
}

/** Lines when a part can't be read any more, and when it can be read again. */
function unreadChanges(previous: Snapshot | undefined, current: Snapshot): string[] {
  const before = previous?.unread ?? [];
  return [
    ...current.unread
      .filter(({ part }) => previous === undefined || !isUnread(previous, part))
      .map((each) => `can't read ${unreadWords(each)} and shows their last known values: ${each.why}`),
    ...before.filter(({ part }) => !isUnread(current, part)).map((each) => `can read ${unreadWords(each)} again`),
  ];
}

function rollbackChanges(previous: Snapshot | undefined, current: Snapshot): string[] {
  const { rollback } = current;
  if (!rollback || previous?.rollback?.status === rollback.status) return [];
  return [`rolling back with ${rollback.id}: ${rollback.status}${rollback.error ? errorWords(rollback.error) : ""}`];
}
