import { z } from "zod";
import { AwsError } from "../../aws-error";
import { listOf } from "../input";
import { operation } from "../operation";

/** Deletes alarms: all of them, or none when one doesn't exist. */
export const deleteAlarms = operation(
  "DeleteAlarms",
  z.object({ AlarmNames: listOf(z.string()).pipe(z.array(z.string()).max(100)) }),
  ({ AlarmNames }, { parts }): Record<string, never> => {
    const unknown = AlarmNames.filter((name) => !parts.alarms.state(name));
    if (unknown.length > 0) {
      throw new AwsError("ResourceNotFound", `The alarms ${unknown.join(", ")} do not exist`, 404);
    }
    for (const name of AlarmNames) parts.alarms.delete(name);
    return {};
  },
);
