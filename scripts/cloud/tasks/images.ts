import { createHash } from "node:crypto";
import { AwsError } from "../aws-error";
import type { Clock } from "../clock";
import type { Image, ImagesPart } from "./part";

/** An image to push. */
export interface ImagePush {
  /** Repository URL, e.g. 123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders. */
  readonly repository: string;
  readonly tags: readonly string[];
  /** Program and arguments; empty for an image of Docker, which has its own. */
  readonly command: readonly string[];
  /** The folder in which the command runs. With it, the command may be any program; without it, a Node script. */
  readonly directory?: string;
  /** The image's id in this machine's Docker, for the docker runtime. */
  readonly dockerImage?: string;
  /** The image's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly platform: Image["platform"];
  /** Hash of the files in the image, which the digest depends on. */
  readonly contentHash: string;
  readonly sizeBytes?: number;
}

/** The local registry. It keeps images in memory; tags are immutable, as in the synthesized repository. */
export class Images implements ImagesPart {
  private readonly images: Image[] = [];

  constructor(private readonly clock: Clock) {}

  /**
   * Pushes an image. Its digest depends on its content: the same content with another tag is the same image.
   * @throws AwsError ImageTagAlreadyExistsException when a tag exists, even on the same image
   */
  push(image: ImagePush): Image {
    const { repository, tags, command, directory, dockerImage, environment, platform } = image;
    for (const tag of tags)
      if (this.find(`${repository}:${tag}`))
        throw new AwsError(
          "ImageTagAlreadyExistsException",
          `The image tag '${tag}' already exists in the '${nameOf(repository)}' repository and cannot be overwritten ` +
            `because the repository is immutable.`,
        );
    const digest = digestOf(image);
    const index = this.images.findIndex((known) => known.repository === repository && known.digest === digest);
    const known = this.images[index];
    const pushed: Image = known
      ? { ...known, tags: [...known.tags, ...tags] }
      : {
          repository,
          digest,
          tags: [...tags],
          pushedAt: this.clock.now(),
          sizeBytes: image.sizeBytes ?? 0,
          platform,
          command: [...command],
          ...(directory === undefined ? {} : { directory }),
          ...(dockerImage === undefined ? {} : { dockerImage }),
          environment: { ...environment },
        };
    if (known) this.images[index] = pushed;
    else this.images.push(pushed);
    return pushed;
  }

  all(): readonly Image[] {
    return [...this.images];
  }

  find(reference: string): Image | undefined {
    return this.images.find(
      ({ repository, digest, tags }) =>
        reference === `${repository}@${digest}` || tags.some((tag) => reference === `${repository}:${tag}`),
    );
  }
}

function digestOf({ command, environment, platform, contentHash }: ImagePush): string {
  const sorted = Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
  const content = JSON.stringify([command, sorted, [platform.os, platform.architecture], contentHash]);
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

function nameOf(repository: string): string {
  return repository.slice(repository.indexOf("/") + 1);
}
