import { z } from "zod";
import { AwsError } from "../../parts";
import { operation } from "../operation";
import { stateValue } from "./alarm-input";

/** Sets an alarm's state until its next evaluation. */
export const setAlarmState = operation(
  "SetAlarmState",
  z.object({
    AlarmName: z.string().min(1),
    StateValue: stateValue,
    StateReason: z.string().max(1023),
    StateReasonData: z.string().optional(),
  }),
  ({ AlarmName, StateValue, StateReason }, { parts }): Record<string, never> => {
    if (!parts.alarms.state(AlarmName)) {
      throw new AwsError("ResourceNotFound", `The alarm ${AlarmName} does not exist`, 404);
    }
    parts.alarms.set(AlarmName, StateValue, StateReason);
    return {};
  },
);
