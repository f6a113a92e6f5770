import type { DescribeImagesResponse, ListImagesResponse } from "@aws-sdk/client-ecr";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { operation } from "../operation";
import { pageOf } from "../paging";
import { INDEX_TYPE } from "./manifest";
import { findImage, idText, imagesOf, requireRepository } from "./repository";

/** The input that names an image. */
export const imageId = z.object({ imageDigest: z.string().optional(), imageTag: z.string().optional() });

/** The input that DescribeImages and ListImages share. */
const listInput = z.object({
  registryId: z.string().optional(),
  repositoryName: z.string(),
  filter: z.object({ tagStatus: z.enum(["TAGGED", "UNTAGGED", "ANY"]).optional() }).optional(),
  nextToken: z.string().optional(),
  maxResults: z.number().int().min(1).max(1000).default(100),
});

/** True when an image with these tags passes the filter. */
function matchesTagStatus(tags: readonly string[], status: "TAGGED" | "UNTAGGED" | "ANY" = "ANY"): boolean {
  return status === "ANY" || (status === "TAGGED") === tags.length > 0;
}

/** Lists one entry for each tag, and one for each image without tags. */
export const listImages = operation(
  "ListImages",
  listInput,
  ({ repositoryName, filter, nextToken, maxResults }, backend): ListImagesResponse => {
    requireRepository(repositoryName, backend);
    const ids = imagesOf(backend)
      .filter(({ tags }) => matchesTagStatus(tags, filter?.tagStatus))
      .flatMap(({ digest, tags }): { imageDigest: string; imageTag?: string }[] =>
        tags.length > 0 ? tags.map((imageTag) => ({ imageDigest: digest, imageTag })) : [{ imageDigest: digest }],
      );
    const page = pageOf(ids, ({ imageDigest, imageTag = "" }) => `${imageDigest} ${imageTag}`, {
      token: nextToken,
      size: maxResults,
      badToken: "InvalidParameterException",
    });
    return { imageIds: [...page.items], nextToken: page.nextToken };
  },
);

/** Describes the requested images; without a request, all, newest first. */
export const describeImages = operation(
  "DescribeImages",
  listInput.extend({ imageIds: z.array(imageId).optional() }),
  ({ repositoryName, imageIds, filter, nextToken, maxResults }, backend): DescribeImagesResponse => {
    requireRepository(repositoryName, backend);
    const { accountId } = backend.template;
    const all = imagesOf(backend);
    const found = imageIds
      ? imageIds.map((id) => {
          const image = findImage(id, all);
          if (image) return image;
          throw new AwsError(
            "ImageNotFoundException",
            `The image with imageId ${idText(id)} does not exist within the repository with name ` +
              `'${repositoryName}' in the registry with id '${accountId}'`,
          );
        })
      : all.filter(({ tags }) => matchesTagStatus(tags, filter?.tagStatus));
    const page = pageOf(found, ({ digest }) => digest, {
      token: nextToken,
      size: maxResults,
      badToken: "InvalidParameterException",
    });
    return {
      imageDetails: page.items.map((image) => ({
        registryId: accountId,
        repositoryName,
        imageDigest: image.digest,
        imageTags: image.tags.length > 0 ? [...image.tags] : undefined,
        imageSizeInBytes: image.sizeBytes,
        imagePushedAt: new Date(image.pushedAt),
        imageManifestMediaType: INDEX_TYPE,
      })),
      nextToken: page.nextToken,
    };
  },
);
