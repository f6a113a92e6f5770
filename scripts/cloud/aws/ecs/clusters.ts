import type { DescribeClustersResponse, ListClustersResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import type { Task, TaskStatus } from "../../ecs/part";
import { operation } from "../operation";
import { DEFAULT_CLUSTER, ecsArn, isCluster } from "./find";
import { ecsPage, ecsPageInput } from "./paging";

/** Lists the only cluster. */
export const listClusters = operation(
  "ListClusters",
  z.object(ecsPageInput),
  (paging, backend): ListClustersResponse => {
    const page = ecsPage([backend.template.cluster.arn], paging);
    return { clusterArns: page.items, nextToken: page.nextToken };
  },
);

/** Describes the only cluster. References to other clusters become failures. */
export const describeClusters = operation(
  "DescribeClusters",
  z.object({ clusters: z.array(z.string()).default([DEFAULT_CLUSTER]) }),
  ({ clusters }, backend): DescribeClustersResponse => {
    const { template, parts } = backend;
    return {
      clusters: clusters
        .filter((reference) => isCluster(reference, backend))
        .map(() => ({
          clusterArn: template.cluster.arn,
          clusterName: template.cluster.name,
          status: "ACTIVE",
          registeredContainerInstancesCount: 0,
          ...clusterCounts(parts.ecs.tasks()),
          activeServicesCount: 1,
          capacityProviders: [...template.cluster.capacityProviders],
          // AWS fills these only when `include` requests them. The local cloud has none.
          defaultCapacityProviderStrategy: [],
          statistics: [],
          settings: [],
          tags: [],
        })),
      failures: clusters
        .filter((reference) => !isCluster(reference, backend))
        .map((reference) => ({
          arn: reference.startsWith("arn:") ? reference : ecsArn(`cluster/${reference}`, backend),
          reason: "MISSING",
        })),
    };
  },
);

/** The task counts of DescribeClusters. */
function clusterCounts(tasks: readonly Task[]): {
  readonly runningTasksCount: number;
  readonly pendingTasksCount: number;
} {
  const count = (...statuses: TaskStatus[]) => tasks.filter(({ status }) => statuses.includes(status)).length;
  return { runningTasksCount: count("RUNNING"), pendingTasksCount: count("PROVISIONING", "PENDING") };
}
