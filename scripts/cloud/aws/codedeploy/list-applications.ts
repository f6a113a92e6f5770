import type { ListApplicationsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { listPage } from "./list-page";

/** Lists the applications: there is one. */
export const listApplications = operation(
  "ListApplications",
  z.object({ nextToken: z.string().optional() }),
  ({ nextToken }, { template }): ListApplicationsOutput => {
    const page = listPage([template.application.name], nextToken);
    return { applications: page.items, nextToken: page.nextToken };
  },
);
