import type { DescribeServicesResponse, ListServicesResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { ecsArn, isService, requireCluster } from "./find";
import { ecsPage, ecsPageInput } from "./paging";
import { serviceView } from "./service-view";

/** Lists the only service of the cluster. */
export const listServices = operation(
  "ListServices",
  z.object({
    cluster: z.string().optional(),
    launchType: z.string().optional(),
    schedulingStrategy: z.string().optional(),
    ...ecsPageInput,
  }),
  ({ cluster, launchType, schedulingStrategy, ...paging }, backend): ListServicesResponse => {
    requireCluster(cluster, backend);
    const { service } = backend.template;
    const matches =
      (launchType === undefined || launchType === service.launchType) &&
      (schedulingStrategy ?? "REPLICA") === "REPLICA";
    const page = ecsPage(matches ? [service.arn] : [], paging);
    return { serviceArns: page.items, nextToken: page.nextToken };
  },
);

/** Describes the only service. References to other services become failures. */
export const describeServices = operation(
  "DescribeServices",
  z.object({
    cluster: z.string().optional(),
    services: z.array(z.string()).min(1).max(10),
    include: z.array(z.enum(["TAGS"])).default([]),
  }),
  ({ cluster, services, include }, backend): DescribeServicesResponse => {
    requireCluster(cluster, backend);
    return {
      services: services
        .filter((reference) => isService(reference, backend))
        .map(() => ({ ...serviceView(backend), ...(include.includes("TAGS") && { tags: [] }) })),
      failures: services
        .filter((reference) => !isService(reference, backend))
        .map((reference) => ({
          arn: reference.startsWith("arn:")
            ? reference
            : ecsArn(`service/${backend.template.cluster.name}/${reference}`, backend),
          reason: "MISSING",
        })),
    };
  },
);
