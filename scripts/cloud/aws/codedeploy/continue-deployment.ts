import { z } from "zod";
import { operation } from "../operation";
import { deploymentOf } from "./find-deployment";

/** Ends a wait of a deployment: READY_WAIT is before the traffic shift, TERMINATION_WAIT before the old task set ends. */
export const continueDeployment = operation(
  "ContinueDeployment",
  z.object({
    deploymentId: z.string().min(1),
    deploymentWaitType: z.enum(["READY_WAIT", "TERMINATION_WAIT"]).default("READY_WAIT"),
  }),
  ({ deploymentId, deploymentWaitType }, backend) => {
    const { id } = deploymentOf(deploymentId, backend);
    backend.parts.codeDeploy.continue(id, deploymentWaitType);
    return {};
  },
);
