import type { PutLifecycleEventHookExecutionStatusOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { deploymentOf } from "./find-deployment";

/** Reports the result of a lifecycle event hook to its deployment. */
export const putLifecycleEventHookExecutionStatus = operation(
  "PutLifecycleEventHookExecutionStatus",
  z.object({
    deploymentId: z.string().min(1),
    lifecycleEventHookExecutionId: z.string().min(1),
    status: z.enum(["Succeeded", "Failed"]),
  }),
  ({ deploymentId, lifecycleEventHookExecutionId, status }, backend): PutLifecycleEventHookExecutionStatusOutput => {
    const { id } = deploymentOf(deploymentId, backend);
    backend.parts.codeDeploy.putHookStatus({ deploymentId: id, executionId: lifecycleEventHookExecutionId, status });
    return { lifecycleEventHookExecutionId };
  },
);
