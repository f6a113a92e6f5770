import { z } from "zod";
import { AwsError } from "../../aws-error";
import { operation } from "../operation";
import { stateValue } from "./alarm-input";

/** Sets an alarm's state until its next evaluation. */
export const setAlarmState = operation(
  "SetAlarmState",
  z.object({
    AlarmName: z.string().min(1),
    StateValue: stateValue,
    StateReason: z.string().max(1023),
    StateReasonData: z.string().max(4000).optional(),
  }),
  ({ AlarmName, StateValue, StateReason, StateReasonData }, { parts }): Record<string, never> => {
    if (!parts.alarms.state(AlarmName)) {
      throw new AwsError("ResourceNotFound", `The alarm ${AlarmName} does not exist`, 404);
    }
    if (StateReasonData !== undefined) requireJson(StateReasonData);
    parts.alarms.set(AlarmName, StateValue, StateReason, StateReasonData);
    return {};
  },
);

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError("InvalidFormatFault", "StateReasonData was not syntactically valid JSON");
  }
}
