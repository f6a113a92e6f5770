import { z } from "zod";
import { operation } from "../operation";
import type { RegistryContext } from "./registry-context";
import { tagList, tagsOf } from "./tags-input";

/** Adds tags to an application or a deployment group; a key that is there gets the new value. */
export const tagResource = operation(
  "TagResource",
  z.object({ ResourceArn: z.string().min(1), Tags: tagList }),
  ({ ResourceArn, Tags }, { registry }: RegistryContext) => {
    registry.setTags(ResourceArn, tagsOf(Tags, registry.tags(ResourceArn)));
    return {};
  },
);
