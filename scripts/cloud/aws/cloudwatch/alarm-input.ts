import { z } from "zod";
import { integer, listOf } from "../input";

/** The three states of an alarm. */
export const stateValue = z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]);

/** The requested kinds of alarm. The local cloud has only metric alarms. */
export const alarmTypes = listOf(z.enum(["MetricAlarm", "CompositeAlarm"])).default(["MetricAlarm"]);

/** The maximum number of items in a page, 1 to 100. */
export const maxRecords = integer.pipe(z.number().min(1).max(100));
