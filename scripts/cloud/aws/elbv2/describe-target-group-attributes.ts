import type { DescribeTargetGroupAttributesOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { operation } from "../operation";
import { targetGroupOf } from "./find";

/** Gives the attributes that the local load balancer acts on. */
export const describeTargetGroupAttributes = operation(
  "DescribeTargetGroupAttributes",
  z.object({ TargetGroupArn: z.string() }),
  ({ TargetGroupArn }, cloud): DescribeTargetGroupAttributesOutput => ({
    Attributes: [
      {
        Key: "deregistration_delay.timeout_seconds",
        Value: String(targetGroupOf(TargetGroupArn, cloud).deregistrationDelay),
      },
    ],
  }),
);
