import { z } from "zod";
import type { AwsPort } from "./aws-port";

/** An image of the environment's repository: by tag or by digest. */
export type ImageId =
  { readonly tag: string; readonly digest?: undefined } | { readonly digest: string; readonly tag?: undefined };

/** The image can't be released: what is wrong and what to do. */
export class ImageError extends Error {
  constructor(
    message: string,
    readonly next: string,
  ) {
    super(message);
    this.name = "ImageError";
  }
}

const PLATFORM = z.object({ os: z.string().optional(), architecture: z.string().optional() });
/** OCI image specification: an index lists an image for each platform, a manifest is of one and has its configuration. */
const INDEX = z.object({ manifests: z.array(z.object({ platform: PLATFORM.optional() })) });
const SINGLE = z.object({ config: z.object({ digest: z.string() }) });

const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** Grammar of tags: distribution/reference. */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** Manifests ECR may hand out: lists of platforms first, since these tell the platforms. */
const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/**
 * Reads what `--image` names: a tag, a digest, or a full reference into this environment's repository. Pure.
 *
 * @param repositoryUrl `<account>.dkr.ecr.<region>.amazonaws.com/<name>`
 * @throws ImageError when it is neither, or of another repository
 */
export function parseImage(reference: string, repositoryUrl: string): ImageId {
  if (DIGEST.test(reference)) return { digest: reference };
  if (TAG.test(reference)) return { tag: reference };
  const name = repositoryUrl.slice(repositoryUrl.indexOf("/") + 1);
  const prefix = [repositoryUrl, name].find(
    (each) => reference.startsWith(`${each}:`) || reference.startsWith(`${each}@`),
  );
  if (prefix === undefined) {
    throw new ImageError(
      `${reference} is not an image of ${repositoryUrl}`,
      "give a tag or a digest of that repository, or push the image there first",
    );
  }
  const rest = reference.slice(prefix.length);
  const digest = rest.slice(rest.lastIndexOf("@") + 1);
  if (rest.includes("@")) {
    if (DIGEST.test(digest)) return { digest };
  } else if (TAG.test(rest.slice(1))) {
    return { tag: rest.slice(1) };
  }
  throw new ImageError(`${reference} has a malformed tag or digest`, "a digest is sha256: and 64 hexadecimal digits");
}

/**
 * The digest of an image; undefined when the repository has no such image.
 *
 * @throws what DescribeImages throws otherwise
 */
export async function digestOf(aws: AwsPort, repository: string, image: ImageId): Promise<string | undefined> {
  try {
    const { imageDetails = [] } = await aws.describeImages({
      repositoryName: repository,
      imageIds: [imageIdOf(image)],
    });
    return imageDetails[0]?.imageDigest;
  } catch (error) {
    if (error instanceof Error && error.name === "ImageNotFoundException") return undefined;
    throw error;
  }
}

/** Milliseconds for reading an image's configuration: a few kilobytes. */
const CONFIG_TIMEOUT_MS = 20_000;

/**
 * The platforms an image was built for, e.g. `linux/arm64`: those its index lists or, for a single image, the one that
 * its configuration names. Undefined when neither can be read.
 *
 * @throws what BatchGetImage throws
 */
export async function platformsOf(
  aws: AwsPort,
  repository: string,
  digest: string,
): Promise<readonly string[] | undefined> {
  const { images = [] } = await aws.batchGetImage({
    repositoryName: repository,
    imageIds: [{ imageDigest: digest }],
    acceptedMediaTypes: MANIFEST_TYPES,
  });
  const manifest = images[0]?.imageManifest;
  return (
    platformsInManifest(manifest) ?? platformsInConfig(await readConfig(aws, repository, configDigestIn(manifest)))
  );
}

/** Platforms that a manifest lists; undefined for a manifest of a single image, which doesn't name its own. Pure. */
export function platformsInManifest(manifest: string | undefined): readonly string[] | undefined {
  const parsed = INDEX.safeParse(parseJson(manifest)).data;
  return known((parsed?.manifests ?? []).map((entry) => entry.platform ?? {}));
}

/** The one platform that a single image's configuration names; undefined when it names none. Pure. */
export function platformsInConfig(config: string | undefined): readonly string[] | undefined {
  return known([PLATFORM.safeParse(parseJson(config)).data ?? {}]);
}

function known(platforms: readonly z.infer<typeof PLATFORM>[]): readonly string[] | undefined {
  const names = platforms.flatMap(({ os, architecture }) =>
    // Build attestations are listed as a platform of their own, unknown/unknown.
    os === undefined || architecture === undefined || os === "unknown" ? [] : [`${os}/${architecture}`],
  );
  return names.length > 0 ? names : undefined;
}

function configDigestIn(manifest: string | undefined): string | undefined {
  return SINGLE.safeParse(parseJson(manifest)).data?.config.digest;
}

/** An image's configuration; undefined when it can't be read, which is no reason to refuse the image. */
async function readConfig(aws: AwsPort, repository: string, digest: string | undefined): Promise<string | undefined> {
  if (digest === undefined) return undefined;
  try {
    const { downloadUrl = "" } = await aws.getDownloadUrlForLayer({ repositoryName: repository, layerDigest: digest });
    const answer = await fetch(downloadUrl, { signal: AbortSignal.timeout(CONFIG_TIMEOUT_MS) });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}

/** Docker's name of the platform that ECS calls by this CPU architecture. Pure. */
export function platformFor(architecture: string): "linux/amd64" | "linux/arm64" {
  return architecture === "ARM64" ? "linux/arm64" : "linux/amd64";
}

function imageIdOf(image: ImageId) {
  return image.digest === undefined ? { imageTag: image.tag } : { imageDigest: image.digest };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
