import type { DescribeTaskSetsResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { ecsArn, requireCluster, requireService } from "./find";
import { wireTaskSet } from "./task-set";

/** Describes the requested task sets, by id or ARN; without a request, all of the service. */
export const describeTaskSets = operation(
  "DescribeTaskSets",
  z.object({
    cluster: z.string(),
    service: z.string(),
    taskSets: z.array(z.string()).optional(),
  }),
  ({ cluster, service, taskSets: references = [] }, backend): DescribeTaskSetsResponse => {
    requireCluster(cluster, backend);
    requireService(service, backend);
    const all = backend.parts.ecs.taskSets();
    const find = (reference: string) => all.find(({ id, arn }) => id === reference || arn === reference);
    const found = references.length === 0 ? all : references.flatMap((reference) => find(reference) ?? []);
    const { template } = backend;
    return {
      taskSets: found.map((taskSet) => wireTaskSet(taskSet, backend)),
      failures: references
        .filter((reference) => !find(reference))
        .map((reference) => ({
          arn: reference.startsWith("arn:")
            ? reference
            : ecsArn(`task-set/${template.cluster.name}/${template.service.name}/${reference}`, backend),
          reason: "MISSING",
        })),
    };
  },
);
