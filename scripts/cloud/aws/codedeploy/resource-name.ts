import { z } from "zod";

/** The name of an application, a deployment group or a deployment config. Source: CodeDeploy's API reference. */
export const resourceName = z
  .string()
  .max(100)
  .regex(/^[\w.+=,@-]+$/, { error: "1 to 100 letters, digits and . _ + = , @ -" });
