import type { ListServicesResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { requireCluster } from "./find";
import { listPage, pageInput } from "./page-input";

/** Lists the services of the cluster: there is one. */
export const listServices = operation(
  "ListServices",
  z.object({
    cluster: z.string().optional(),
    launchType: z.string().optional(),
    schedulingStrategy: z.string().optional(),
    ...pageInput,
  }),
  ({ cluster, launchType, schedulingStrategy, ...paging }, cloud): ListServicesResponse => {
    requireCluster(cluster, cloud);
    const { service } = cloud.template;
    const isWanted =
      (launchType === undefined || launchType === service.launchType) &&
      (schedulingStrategy ?? "REPLICA") === "REPLICA";
    const page = listPage(isWanted ? [service.arn] : [], paging);
    return { serviceArns: page.items, nextToken: page.nextToken };
  },
);
