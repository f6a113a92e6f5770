import { z } from "zod";
import { quotedList } from "./problems";
import { probeSchema } from "./request-schema";
import { flag, integer, object, oneOf } from "./rules";
import { PREDEFINED_STRATEGIES, type PredefinedStrategy } from "./strategies";

/**
 * CodeDeploy's limits for ECS, in minutes: the time between the first and the last traffic shift, and the termination wait
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html).
 */
export const MAX_DEPLOYMENT_MINUTES = 2880;

/** `delivery` in the configuration: how a release shifts traffic, and how it is verified. */
export const deliverySchema = object({
  strategy: z.union(
    [
      z.enum(Object.keys(PREDEFINED_STRATEGIES) as [PredefinedStrategy, ...PredefinedStrategy[]]),
      object({
        type: oneOf("canary", "linear"),
        /** Percent of the traffic in the first (canary) or each (linear) step. */
        percentage: integer(1, 99, "percent of the traffic; for everything at once use ECSAllAtOnce"),
        /** Minutes to wait after each step. */
        intervalMinutes: integer(1, MAX_DEPLOYMENT_MINUTES),
      }),
    ],
    {
      error: `${quotedList(Object.keys(PREDEFINED_STRATEGIES))}, or an object of type, percentage and intervalMinutes`,
    },
  ),
  /** Minutes that the old task set is kept after all traffic has shifted. */
  terminationWaitMinutes: integer(0, MAX_DEPLOYMENT_MINUTES),
  /**
   * A Lambda function that sends requests to the new version through the test listener, before any user does. It checks health,
   * sends the requests of `probe`, and compares the header x-release-version where the service sends it. It fails the deployment
   * when a response is wrong. It costs almost nothing. Without it, users send the first requests to a new version.
   */
  hook: flag,
  /**
   * The requests of the probe, in this order, after the health check. Templates may also be `${title}`: "Release probe of" and
   * the deployment's id. `expectBody` compares fields of the answer. A request with `always` is sent also after a failure, to
   * clean up. Default: only the health check.
   */
  probe: probeSchema,
  /**
   * Reserves one concurrent execution of the account for each function. Other functions can't use it up, and the function
   * can't use more. AWS always keeps 100 unreserved (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html),
   * so it refuses this in new accounts, which have 10 in all. Turn it off there.
   */
  reserveConcurrency: flag,
});
