import type { BatchGetApplicationsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { requireBatch } from "./batch-limit";
import type { RegistryContext } from "./registry-context";

/** Describes applications; each must exist. */
export const batchGetApplications = operation(
  "BatchGetApplications",
  z.object({ applicationNames: z.array(z.string()).min(1) }),
  ({ applicationNames }, { registry }: RegistryContext): BatchGetApplicationsOutput => {
    requireBatch(applicationNames, 100);
    return { applicationsInfo: applicationNames.map((name) => registry.application(name)) };
  },
);
