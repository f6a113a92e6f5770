import type { ListTagsForResourceOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { operation } from "../operation";
import type { Tags } from "./registry";
import type { RegistryContext } from "./registry-context";

/** Tags as a request gives them. */
export const tagList = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256).default("") }));

/** Tags a resource may have. Source: AWS's general rules for tags. */
const MOST_TAGS = 50;

/**
 * The tags of a request, over those that were there.
 * @throws AwsError InvalidTagsToAddException, TagLimitExceededException
 */
export function tagsOf(given: z.output<typeof tagList>, before: Tags = new Map()): Tags {
  const tags = new Map(before);
  for (const { Key, Value } of given) {
    if (Key.startsWith("aws:")) {
      throw new AwsError("InvalidTagsToAddException", `The tag ${Key} begins with aws:, which is AWS's own.`);
    }
    tags.set(Key, Value);
  }
  if (tags.size <= MOST_TAGS) return tags;
  throw new AwsError("TagLimitExceededException", `A resource has at most ${MOST_TAGS} tags, not ${tags.size}.`);
}

/** Lists the tags of an application or a deployment group, all on one page: there are at most fifty. */
export const listTagsForResource = operation(
  "ListTagsForResource",
  z.object({ ResourceArn: z.string().min(1) }),
  ({ ResourceArn }, { registry }: RegistryContext): ListTagsForResourceOutput => ({
    Tags: [...registry.tags(ResourceArn)].map(([Key, Value]) => ({ Key, Value })),
  }),
);

/** Adds tags to an application or a deployment group; a key that is there gets the new value. */
export const tagResource = operation(
  "TagResource",
  z.object({ ResourceArn: z.string().min(1), Tags: tagList }),
  ({ ResourceArn, Tags }, { registry }: RegistryContext) => {
    registry.setTags(ResourceArn, tagsOf(Tags, registry.tags(ResourceArn)));
    return {};
  },
);

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
