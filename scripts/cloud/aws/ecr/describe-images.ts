import type { DescribeImagesResponse } from "@aws-sdk/client-ecr";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { operation } from "../operation";
import { pageOf } from "../paging";
import { imageId, listInput, matchesTagStatus } from "./image-id";
import { INDEX_TYPE } from "./manifest";
import { findImage, idText, imagesOf, requireRepository } from "./repository";

/** Describes the images asked for, or all, newest first. */
export const describeImages = operation(
  "DescribeImages",
  listInput.extend({ imageIds: z.array(imageId).optional() }),
  ({ repositoryName, imageIds, filter, nextToken, maxResults }, cloud): DescribeImagesResponse => {
    requireRepository(repositoryName, cloud);
    const { accountId } = cloud.template;
    const all = imagesOf(cloud);
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
