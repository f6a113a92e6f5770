import { z } from "zod";

/** The platform of an application or a config. CodeDeploy takes it for Server where a request says nothing. */
export const ecsPlatform = z
  .string()
  .default("Server")
  .pipe(z.literal("ECS", { error: "the local cloud serves CodeDeploy for the platform ECS alone" }));
