import type { BatchGetImageResponse, Image as EcrImage, ImageFailure } from "@aws-sdk/client-ecr";
import { z } from "zod";
import { type AwsBackend, operation } from "../operation";
import { imageId } from "./images";
import { imageIndex, type Manifest, platformManifest } from "./manifest";
import { findImage, type ImageId, imagesOf, requireRepository } from "./repository";

/** Gives the index of each image by tag or digest. By the digest of a manifest that an index lists, gives that manifest. */
export const batchGetImage = operation(
  "BatchGetImage",
  z.object({
    registryId: z.string().optional(),
    repositoryName: z.string(),
    imageIds: z.array(imageId).min(1).max(100),
    acceptedMediaTypes: z.array(z.string()).optional(),
  }),
  ({ repositoryName, imageIds }, backend): BatchGetImageResponse => {
    requireRepository(repositoryName, backend);
    const images: EcrImage[] = [];
    const failures: ImageFailure[] = [];
    for (const id of imageIds) {
      const manifest = manifestOf(id, backend);
      if (manifest) {
        images.push({
          registryId: backend.template.accountId,
          repositoryName,
          imageId: { imageDigest: manifest.digest, imageTag: id.imageTag },
          imageManifest: manifest.text,
          imageManifestMediaType: manifest.mediaType,
        });
      } else {
        failures.push({ imageId: id, ...failureOf(id) });
      }
    }
    return { images, failures };
  },
);

function manifestOf(id: ImageId, backend: AwsBackend): Manifest | undefined {
  const images = imagesOf(backend);
  const image = findImage(id, images);
  if (image) return imageIndex(image);
  return id.imageTag === undefined
    ? images.map(platformManifest).find(({ digest }) => digest === id.imageDigest)
    : undefined;
}

function failureOf({ imageDigest, imageTag }: ImageId): Pick<ImageFailure, "failureCode" | "failureReason"> {
  if (imageDigest === undefined && imageTag === undefined) {
    return { failureCode: "MissingDigestAndTag", failureReason: "Either imageDigest or imageTag must be given" };
  }
  if (imageDigest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(imageDigest)) {
    return { failureCode: "InvalidImageDigest", failureReason: "Invalid request parameters: image digest" };
  }
  return { failureCode: "ImageNotFound", failureReason: "Requested image not found" };
}
