import { z } from "zod";

/** How an image is named in an input. */
export const imageId = z.object({ imageDigest: z.string().optional(), imageTag: z.string().optional() });

/** The input that DescribeImages and ListImages share. */
export const listInput = z.object({
  registryId: z.string().optional(),
  repositoryName: z.string(),
  filter: z.object({ tagStatus: z.enum(["TAGGED", "UNTAGGED", "ANY"]).optional() }).optional(),
  nextToken: z.string().optional(),
  maxResults: z.number().int().min(1).max(1000).default(100),
});

/** Does an image with these tags pass the filter? */
export function matchesTagStatus(tags: readonly string[], status: "TAGGED" | "UNTAGGED" | "ANY" = "ANY"): boolean {
  return status === "ANY" || (status === "TAGGED") === tags.length > 0;
}
