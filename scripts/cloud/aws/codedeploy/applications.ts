import type {
  BatchGetApplicationsOutput,
  GetApplicationOutput,
  ListApplicationsOutput,
} from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { listPage, requireBatch } from "./limits";
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

/** Describes an application. */
export const getApplication = operation(
  "GetApplication",
  z.object({ applicationName: z.string().min(1) }),
  ({ applicationName }, { registry }: RegistryContext): GetApplicationOutput => ({
    application: registry.application(applicationName),
  }),
);

/** Describes applications. One that does not exist is an error. */
export const batchGetApplications = operation(
  "BatchGetApplications",
  z.object({ applicationNames: z.array(z.string()).min(1) }),
  ({ applicationNames }, { registry }: RegistryContext): BatchGetApplicationsOutput => {
    requireBatch(applicationNames, 100);
    return { applicationsInfo: applicationNames.map((name) => registry.application(name)) };
  },
);
