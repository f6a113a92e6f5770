import { z } from "zod";
import { operation } from "../operation";
import { deploymentOf } from "./find-deployment";

/** Ends the wait before the old task set is terminated. The other wait, for a word to reroute traffic, never comes. */
export const continueDeployment = operation(
  "ContinueDeployment",
  z.object({
    deploymentId: z.string().min(1),
    deploymentWaitType: z.enum(["READY_WAIT", "TERMINATION_WAIT"]).default("READY_WAIT"),
  }),
  ({ deploymentId, deploymentWaitType }, cloud) => {
    const { id } = deploymentOf(deploymentId, cloud);
    cloud.parts.codeDeploy.continue(id, deploymentWaitType);
    return {};
  },
);
