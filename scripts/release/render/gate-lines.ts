import { alarmsByName } from "../alarm-selection";
import { statesInWords } from "../alarms";
import type { Gate } from "../gate";

/** Lines about what will test the new version: tasks, watched alarms by state, the hook; then which alarms are not watched. Pure. */
export function gateLines({ tasks, alarms, unwatched, hook }: Gate): readonly string[] {
  const { desired, running } = tasks;
  const counted = running === undefined ? [] : [`${running}${desired === undefined ? "" : ` of ${desired}`} tasks run`];
  const watched = alarms.length === 0 ? "no alarm" : `alarms ${statesInWords(alarms)}`;
  const beside = unwatched.length === 0 ? "" : ` (${unwatched.length} of the live version not watched)`;
  return [
    `gate: ${[...counted, `${watched}${beside}`, hook ? "a hook before traffic" : "no hook"].join("; ")}`,
    ...watchedLines({ watched: alarms.map(({ name }) => name), unwatched: unwatched.map(({ name }) => name) }),
  ];
}

/** Lines about which alarms a deployment watches; none when it watches all of its group. Pure. */
export function watchedLines(alarms: {
  readonly watched: readonly string[];
  readonly unwatched: readonly string[];
}): readonly string[] {
  if (alarms.unwatched.length === 0) return [];
  return [
    alarms.watched.length === 0 ? "watched: no alarm" : `watched: ${alarmsByName(alarms.watched)}`,
    `not watched: ${alarmsByName(alarms.unwatched)}`,
  ];
}
