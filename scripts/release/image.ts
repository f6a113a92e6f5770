import { z } from "zod";
import { jsonOrUndefined } from "../command/json-text";
import type { AwsPort } from "./aws-port";
import type { EcrRepository } from "./repository";

/** An image of a repository, by tag or by digest. */
export type ImageId =
  { readonly tag: string; readonly digest?: undefined } | { readonly digest: string; readonly tag?: undefined };

/** The image can't be released. `next` says what to do. */
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
/**
 * An index lists an image for each platform; a manifest is for one platform and names its configuration:
 * https://github.com/opencontainers/image-spec/blob/main/image-index.md
 */
const INDEX = z.object({ manifests: z.array(z.object({ platform: PLATFORM.optional() })) });
const SINGLE = z.object({ config: z.object({ digest: z.string() }) });

const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** Grammar of a tag. Source: https://github.com/distribution/reference/blob/main/regexp.go */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** A repository, perhaps on a registry with a port, with a tag or a digest behind it. Source: as of the tag. */
const REFERENCE =
  /^(?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::([^@/:]*))?(?:@(.*))?$/;

/** Media types that ECR may return. Indexes come first, because they list the platforms. */
const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/**
 * Parses `--image`: a tag, a digest, or a full reference to an image of this repository. Pure.
 *
 * @param repositoryUrl `<registry>/<name>`
 * @throws ImageError when it is none of these, or names another repository
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
 * Whether an image reference names a repository and, behind it, a well-formed tag, digest or both. Pure.
 *
 * @param reference e.g. `docker.io/library/nginx:1.27`
 */
export function isFullReference(reference: string): boolean {
  // A digest alone looks like the tag of a repository that is called sha256.
  if (DIGEST.test(reference)) return false;
  const [, tag, digest] = REFERENCE.exec(reference) ?? [];
  if (tag === undefined && digest === undefined) return false;
  return (tag === undefined || TAG.test(tag)) && (digest === undefined || DIGEST.test(digest));
}

/**
 * The digest of an image; undefined when the repository has no such image.
 *
 * @throws what DescribeImages throws otherwise
 */
export async function digestOf(aws: AwsPort, repository: EcrRepository, image: ImageId): Promise<string | undefined> {
  // Another account's registry usually allows pulling only, of which DescribeImages is no part:
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
  if (repository.registryId !== undefined) {
    const { images = [] } = await aws.batchGetImage({
      ...inEcr(repository),
      imageIds: [imageIdOf(image)],
      acceptedMediaTypes: MANIFEST_TYPES,
    });
    return images[0]?.imageId?.imageDigest;
  }
  try {
    const { imageDetails = [] } = await aws.describeImages({
      ...inEcr(repository),
      imageIds: [imageIdOf(image)],
    });
    return imageDetails[0]?.imageDigest;
  } catch (error) {
    if (error instanceof Error && error.name === "ImageNotFoundException") return undefined;
    throw error;
  }
}

/** Time limit for downloading an image's configuration of a few kilobytes, in milliseconds. */
const CONFIG_TIMEOUT_MS = 20_000;

/**
 * The platforms that an image was built for, e.g. `linux/arm64`: those in its index or, for a single image, the one in its
 * configuration. Undefined when neither can be read.
 *
 * @throws what BatchGetImage throws
 */
export async function platformsOf(
  aws: AwsPort,
  repository: EcrRepository,
  digest: string,
): Promise<readonly string[] | undefined> {
  const { images = [] } = await aws.batchGetImage({
    ...inEcr(repository),
    imageIds: [{ imageDigest: digest }],
    acceptedMediaTypes: MANIFEST_TYPES,
  });
  const manifest = images[0]?.imageManifest;
  return (
    platformsInManifest(manifest) ?? platformsInConfig(await readConfig(aws, repository, configDigestIn(manifest)))
  );
}

/** Platforms in an index; undefined for the manifest of a single image, which has none. Pure. */
export function platformsInManifest(manifest: string | undefined): readonly string[] | undefined {
  const parsed = INDEX.safeParse(jsonOrUndefined(manifest ?? "")).data;
  return known((parsed?.manifests ?? []).map((entry) => entry.platform ?? {}));
}

/** The platform in the configuration of a single image; undefined when it has none. Pure. */
export function platformsInConfig(config: string | undefined): readonly string[] | undefined {
  return known([PLATFORM.safeParse(jsonOrUndefined(config ?? "")).data ?? {}]);
}

function known(platforms: readonly z.infer<typeof PLATFORM>[]): readonly string[] | undefined {
  const names = platforms.flatMap(({ os, architecture }) =>
    // An index lists build attestations with the platform unknown/unknown.
    os === undefined || architecture === undefined || os === "unknown" ? [] : [`${os}/${architecture}`],
  );
  return names.length > 0 ? names : undefined;
}

function configDigestIn(manifest: string | undefined): string | undefined {
  return SINGLE.safeParse(jsonOrUndefined(manifest ?? "")).data?.config.digest;
}

/** The configuration of an image. Undefined when it can't be read: that is no reason to refuse the image. */
async function readConfig(
  aws: AwsPort,
  repository: EcrRepository,
  digest: string | undefined,
): Promise<string | undefined> {
  if (digest === undefined) return undefined;
  try {
    const { downloadUrl = "" } = await aws.getDownloadUrlForLayer({ ...inEcr(repository), layerDigest: digest });
    const answer = await fetch(downloadUrl, { signal: AbortSignal.timeout(CONFIG_TIMEOUT_MS) });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Docker's name of the platform for a CPU architecture and an operating system of ECS. Pure.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
 *
 * @param system e.g. `LINUX` or `WINDOWS_SERVER_2022_CORE`
 */
export function platformFor(architecture: string, system = "LINUX"): string {
  const os = system.startsWith("WINDOWS") ? "windows" : "linux";
  return `${os}/${architecture === "ARM64" ? "arm64" : "amd64"}`;
}

/** The members of ECR's calls that name a repository. */
function inEcr({ name, registryId }: EcrRepository) {
  return { repositoryName: name, ...(registryId !== undefined && { registryId }) };
}

function imageIdOf(image: ImageId) {
  return image.digest === undefined ? { imageTag: image.tag } : { imageDigest: image.digest };
}
