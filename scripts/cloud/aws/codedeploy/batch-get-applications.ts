import type { BatchGetApplicationsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { applicationInfo, requireApplication } from "./application";
import { requireBatch } from "./batch-limit";

/** Describes applications; each must exist. */
export const batchGetApplications = operation(
  "BatchGetApplications",
  z.object({ applicationNames: z.array(z.string()).min(1) }),
  ({ applicationNames }, cloud): BatchGetApplicationsOutput => {
    requireBatch(applicationNames, 100);
    applicationNames.forEach((name) => requireApplication(name, cloud));
    return { applicationsInfo: applicationNames.map(() => applicationInfo(cloud)) };
  },
);
