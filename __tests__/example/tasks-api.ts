import { readFileSync } from "node:fs";
import { withDefaults, type Context } from "../rehearse/command";

const { context } = JSON.parse(readFileSync("cdktf.json", "utf8")) as { context: Context };

/**
 * The Tasks API as cdktf.json configures it, for short rehearsals that no response-time alarm stops: on a fast clock each
 * real millisecond counts, and other tests run at the same time.
 */
export const TASKS_API: Context = withDefaults(
  { defaults: context.defaults },
  {
    alarms: { responseTime: { threshold: 600, evaluationPeriods: 1, datapointsToAlarm: 1 } },
    delivery: { terminationWaitMinutes: 0 },
  },
);
