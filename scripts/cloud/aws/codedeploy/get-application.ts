import type { GetApplicationOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { applicationInfo, requireApplication } from "./application";

/** Describes the application. */
export const getApplication = operation(
  "GetApplication",
  z.object({ applicationName: z.string().min(1) }),
  ({ applicationName }, cloud): GetApplicationOutput => {
    requireApplication(applicationName, cloud);
    return { application: applicationInfo(cloud) };
  },
);
