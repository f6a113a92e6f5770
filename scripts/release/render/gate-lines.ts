import { statesInWords } from "../alarms";
import type { Gate } from "../gate";

/** One line about what will test the new version: tasks, alarms by state, the hook. Pure. */
export function gateLines({ tasks, alarms, leftOut, hook }: Gate): readonly string[] {
  const { desired, running } = tasks;
  const counted = running === undefined ? [] : [`${running}${desired === undefined ? "" : ` of ${desired}`} tasks run`];
  const beside = leftOut.length === 0 ? "" : `, ${leftOut.length} left out`;
  const watched = alarms.length === 0 ? "no alarm" : `alarms ${statesInWords(alarms)}`;
  return [`gate: ${[...counted, `${watched}${beside}`, hook ? "a hook before traffic" : "no hook"].join("; ")}`];
}
