import type { ListImagesResponse } from "@aws-sdk/client-ecr";
import { operation } from "../operation";
import { pageOf } from "../paging";
import { listInput, matchesTagStatus } from "./image-id";
import { imagesOf, requireRepository } from "./repository";

/** Lists one entry a tag, and one for each image without a tag. */
export const listImages = operation(
  "ListImages",
  listInput,
  ({ repositoryName, filter, nextToken, maxResults }, cloud): ListImagesResponse => {
    requireRepository(repositoryName, cloud);
    const ids = imagesOf(cloud)
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
