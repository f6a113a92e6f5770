import type { ListApplicationsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { listPage } from "./list-page";
import type { RegistryContext } from "./registry-context";

/** Lists the applications. */
export const listApplications = operation(
  "ListApplications",
  z.object({ nextToken: z.string().optional() }),
  ({ nextToken }, { registry }: RegistryContext): ListApplicationsOutput => {
    const page = listPage(registry.applications(), nextToken);
    return { applications: page.items, nextToken: page.nextToken };
  },
);
