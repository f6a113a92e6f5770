import type { ListTagsForResourceOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { operation } from "../operation";
import type { Tags } from "./registry";
import type { RegistryContext } from "./registry-context";

/** The tags of an input. */
export const tagList = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256).default("") }));

/** Maximum number of tags on a resource (https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html). */
const MAX_TAGS = 50;

/**
 * Merges the tags of an input into the existing tags. A new value replaces the old one.
 * @throws AwsError InvalidTagsToAddException, TagLimitExceededException
 */
export function tagsOf(given: z.output<typeof tagList>, before: Tags = new Map()): Tags {
  const tags = new Map(before);
  for (const { Key, Value } of given) {
    if (Key.startsWith("aws:")) {
      throw new AwsError("InvalidTagsToAddException", `The tag ${Key} begins with aws:, which is reserved for AWS.`);
    }
    tags.set(Key, Value);
  }
  if (tags.size <= MAX_TAGS) return tags;
  throw new AwsError("TagLimitExceededException", `A resource has at most ${MAX_TAGS} tags, not ${tags.size}.`);
}

/** Lists the tags of an application or a deployment group. They fit on one page: a resource has at most 50. */
export const listTagsForResource = operation(
  "ListTagsForResource",
  z.object({ ResourceArn: z.string().min(1) }),
  ({ ResourceArn }, { registry }: RegistryContext): ListTagsForResourceOutput => ({
    Tags: [...registry.tags(ResourceArn)].map(([Key, Value]) => ({ Key, Value })),
  }),
);

/** Adds tags to an application or a deployment group. A new value replaces the old one. */
export const tagResource = operation(
  "TagResource",
  z.object({ ResourceArn: z.string().min(1), Tags: tagList }),
  ({ ResourceArn, Tags }, { registry }: RegistryContext) => {
    registry.setTags(ResourceArn, tagsOf(Tags, registry.tags(ResourceArn)));
    return {};
  },
);

/** Removes tags from an application or a deployment group. It ignores keys that the resource does not have. */
export const untagResource = operation(
  "UntagResource",
  z.object({ ResourceArn: z.string().min(1), TagKeys: z.array(z.string()) }),
  ({ ResourceArn, TagKeys }, { registry }: RegistryContext) => {
    const kept = [...registry.tags(ResourceArn)].filter(([key]) => !TagKeys.includes(key));
    registry.setTags(ResourceArn, new Map(kept));
    return {};
  },
);
