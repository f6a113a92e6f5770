import { z } from "zod";
import { flag, integer, listOf, object, oneOf } from "./rules";
import { PREDEFINED_STRATEGIES, type PredefinedStrategy } from "./strategies";

/** CodeDeploy's quota for ECS: minutes between the first and the last traffic shift, and of the termination wait. */
export const MAX_DEPLOYMENT_MINUTES = 2880;

/** `delivery` in the configuration: how a release moves, and who looks at it before and after. */
export const deliverySchema = object({
  strategy: z.union(
    [
      z.enum(Object.keys(PREDEFINED_STRATEGIES) as [PredefinedStrategy, ...PredefinedStrategy[]]),
      object({
        type: oneOf("canary", "linear"),
        /** Percent of the traffic in the first (canary) or each (linear) step. */
        percentage: integer(1, 99, "percent of the traffic; for everything at once use ECSAllAtOnce"),
        /** Minutes waited after it. */
        intervalMinutes: integer(1, MAX_DEPLOYMENT_MINUTES),
      }),
    ],
    {
      error: `${listOf(Object.keys(PREDEFINED_STRATEGIES))}, or an object of type, percentage and intervalMinutes`,
    },
  ),
  /** Minutes that the old task set is kept after all traffic has moved. */
  terminationWaitMinutes: integer(0, MAX_DEPLOYMENT_MINUTES),
  /**
   * A Lambda function that asks the new version through the test listener before any user does (health; a task made,
   * read and deleted; the version header), and fails the deployment when an answer is wrong. Costs next to nothing.
   * Without it, the first requests of a new version are users'.
   */
  hook: flag,
  /**
   * Sets aside one concurrent execution of the account for each of the functions, so that they neither starve nor run
   * wild. AWS refuses it to accounts that have fewer than 101 left (new ones have 10): turn it off there.
   */
  reserveConcurrency: flag,
});
