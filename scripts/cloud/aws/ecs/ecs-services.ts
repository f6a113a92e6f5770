import type { DescribeServicesResponse, ListServicesResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { ecsArn, isService, requireCluster } from "./find";
import { ecsPage, ecsPageInput } from "./paging";
import { serviceView } from "./service-view";

/** Lists the services of the cluster: there is one. */
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
    const isWanted =
      (launchType === undefined || launchType === service.launchType) &&
      (schedulingStrategy ?? "REPLICA") === "REPLICA";
    const page = ecsPage(isWanted ? [service.arn] : [], paging);
    return { serviceArns: page.items, nextToken: page.nextToken };
  },
);

/** Describes services: there is one; others are among the failures. */
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
