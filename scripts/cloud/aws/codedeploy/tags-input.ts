import { z } from "zod";
import { AwsError } from "../../aws-error";
import type { Tags } from "./registry";

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
