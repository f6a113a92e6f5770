import { AwsError } from "../../aws-error";
import type { Image } from "../../tasks/part";
import type { AwsBackend } from "../operation";

/** Checks that a name is that of the only repository. @throws AwsError RepositoryNotFoundException */
export function requireRepository(name: string, { template }: AwsBackend): void {
  if (name === template.repository.name) return;
  throw new AwsError(
    "RepositoryNotFoundException",
    `The repository with name '${name}' does not exist in the registry with id '${template.accountId}'`,
  );
}

/** The repository's images, newest first. */
export function imagesOf({ template, parts }: AwsBackend): readonly Image[] {
  const { name, url } = template.repository;
  return parts.images
    .all()
    .filter(({ repository }) => repository === name || repository === url)
    .sort((a, b) => b.pushedAt - a.pushedAt);
}

/** The identification of an image: digest, tag, or both. */
export interface ImageId {
  readonly imageDigest?: string | undefined;
  readonly imageTag?: string | undefined;
}

/** The image with an id. Digest and tag must both match when both are given. */
export function findImage(id: ImageId, images: readonly Image[]): Image | undefined {
  if (id.imageDigest === undefined && id.imageTag === undefined) return undefined;
  return images.find(
    ({ digest, tags }) =>
      (id.imageDigest === undefined || digest === id.imageDigest) &&
      (id.imageTag === undefined || tags.includes(id.imageTag)),
  );
}

/** An id in the form of ECR's messages. */
export function idText({ imageDigest, imageTag }: ImageId): string {
  const text = (value: string | undefined) => (value === undefined ? "null" : `'${value}'`);
  return `{imageDigest:${text(imageDigest)}, imageTag:${text(imageTag)}}`;
}
