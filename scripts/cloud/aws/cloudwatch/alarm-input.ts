import { z } from "zod";
import { integer, listOf } from "../input";

/** The three states of an alarm. */
export const stateValue = z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]);

/** The kinds of alarm that a caller wants; the local cloud has metric alarms only. */
export const alarmTypes = listOf(z.enum(["MetricAlarm", "CompositeAlarm"])).default(["MetricAlarm"]);

/** Items of a page, 1 to 100. */
export const maxRecords = integer.pipe(z.number().min(1).max(100));
