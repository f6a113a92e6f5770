import type { ListTagsForResourceOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import type { RegistryContext } from "./registry-context";

/** Lists the tags of an application or a deployment group, all on one page: there are at most fifty. */
export const listTagsForResource = operation(
  "ListTagsForResource",
  z.object({ ResourceArn: z.string().min(1) }),
  ({ ResourceArn }, { registry }: RegistryContext): ListTagsForResourceOutput => ({
    Tags: [...registry.tags(ResourceArn)].map(([Key, Value]) => ({ Key, Value })),
  }),
);
