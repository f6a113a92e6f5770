import type { DescribeServicesResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { ecsArn, isService, requireCluster } from "./find";
import { serviceView } from "./service-view";

/** Describes services: there is one; others are among the failures. */
export const describeServices = operation(
  "DescribeServices",
  z.object({
    cluster: z.string().optional(),
    services: z.array(z.string()).min(1).max(10),
    include: z.array(z.enum(["TAGS"])).default([]),
  }),
  ({ cluster, services, include }, cloud): DescribeServicesResponse => {
    requireCluster(cluster, cloud);
    return {
      services: services
        .filter((reference) => isService(reference, cloud))
        .map(() => ({ ...serviceView(cloud), ...(include.includes("TAGS") && { tags: [] }) })),
      failures: services
        .filter((reference) => !isService(reference, cloud))
        .map((reference) => ({
          arn: reference.startsWith("arn:")
            ? reference
            : ecsArn(`service/${cloud.template.cluster.name}/${reference}`, cloud),
          reason: "MISSING",
        })),
    };
  },
);
