import { z } from "zod";
import { operation } from "../operation";
import type { RegistryContext } from "./registry-context";
import { resourceName } from "./resource-name";

/** Gives an application another name: nothing else of it can be changed. */
export const updateApplication = operation(
  "UpdateApplication",
  z.object({ applicationName: resourceName, newApplicationName: resourceName.optional() }),
  ({ applicationName, newApplicationName = applicationName }, { registry }: RegistryContext) => {
    registry.renameApplication(applicationName, newApplicationName);
    return {};
  },
);
