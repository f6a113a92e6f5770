import type { GetApplicationOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import type { RegistryContext } from "./registry-context";

/** Describes an application. */
export const getApplication = operation(
  "GetApplication",
  z.object({ applicationName: z.string().min(1) }),
  ({ applicationName }, { registry }: RegistryContext): GetApplicationOutput => ({
    application: registry.application(applicationName),
  }),
);
