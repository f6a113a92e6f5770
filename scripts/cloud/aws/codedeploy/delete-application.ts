import { z } from "zod";
import { operation } from "../operation";
import type { RegistryContext } from "./registry-context";
import { resourceName } from "./resource-name";

/** Deletes an application with its deployment groups. */
export const deleteApplication = operation(
  "DeleteApplication",
  z.object({ applicationName: resourceName }),
  ({ applicationName }, { registry }: RegistryContext) => {
    registry.removeApplication(applicationName);
    return {};
  },
);
