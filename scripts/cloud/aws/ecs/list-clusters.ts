import type { ListClustersResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { listPage, pageInput } from "./page-input";

/** Lists the clusters: there is one. */
export const listClusters = operation("ListClusters", z.object(pageInput), (paging, cloud): ListClustersResponse => {
  const page = listPage([cloud.template.cluster.arn], paging);
  return { clusterArns: page.items, nextToken: page.nextToken };
});
