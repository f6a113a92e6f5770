import type { DescribeClustersResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { DEFAULT_CLUSTER, ecsArn, isCluster } from "./find";
import { clusterCounts } from "./task-state";

/** Describes clusters: there is one; others are among the failures. */
export const describeClusters = operation(
  "DescribeClusters",
  z.object({ clusters: z.array(z.string()).default([DEFAULT_CLUSTER]) }),
  ({ clusters }, cloud): DescribeClustersResponse => {
    const { template, parts } = cloud;
    return {
      clusters: clusters
        .filter((reference) => isCluster(reference, cloud))
        .map(() => ({
          clusterArn: template.cluster.arn,
          clusterName: template.cluster.name,
          status: "ACTIVE",
          registeredContainerInstancesCount: 0,
          ...clusterCounts(parts.ecs.tasks()),
          activeServicesCount: 1,
          capacityProviders: [...template.cluster.capacityProviders],
          // Empty unless `include` asks for them, and the local cloud keeps none.
          defaultCapacityProviderStrategy: [],
          statistics: [],
          settings: [],
          tags: [],
        })),
      failures: clusters
        .filter((reference) => !isCluster(reference, cloud))
        .map((reference) => ({
          arn: reference.startsWith("arn:") ? reference : ecsArn(`cluster/${reference}`, cloud),
          reason: "MISSING",
        })),
    };
  },
);
