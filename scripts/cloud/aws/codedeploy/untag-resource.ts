import { z } from "zod";
import { operation } from "../operation";
import type { RegistryContext } from "./registry-context";

/** Takes tags off an application or a deployment group; a key that is not there is as good as taken off. */
export const untagResource = operation(
  "UntagResource",
  z.object({ ResourceArn: z.string().min(1), TagKeys: z.array(z.string()) }),
  ({ ResourceArn, TagKeys }, { registry }: RegistryContext) => {
    const kept = [...registry.tags(ResourceArn)].filter(([key]) => !TagKeys.includes(key));
    registry.setTags(ResourceArn, new Map(kept));
    return {};
  },
);
