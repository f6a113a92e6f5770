import type { DeregisterTaskDefinitionResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { operation } from "../operation";
import { taskDefinitionOf } from "./find";
import { taskDefinitionView } from "./task-definition-view";

/** Makes a revision INACTIVE; tasks that run from it go on. */
export const deregisterTaskDefinition = operation(
  "DeregisterTaskDefinition",
  z.object({ taskDefinition: z.string().min(1) }),
  ({ taskDefinition }, cloud): DeregisterTaskDefinitionResponse => {
    if (!/:\d+$/.test(taskDefinition)) {
      throw new AwsError("InvalidParameterException", "Revision is missing: give family:revision or the full ARN.");
    }
    const { arn } = taskDefinitionOf(taskDefinition, cloud);
    const record = cloud.parts.ecs.deregisterTaskDefinition(arn);
    if (!record) throw new AwsError("ClientException", "Unable to deregister task definition.");
    return { taskDefinition: taskDefinitionView(record, cloud) };
  },
);
