import { createHash } from "node:crypto";
import type { Image } from "../../tasks/part";

/** Media types of the OCI image specification (https://github.com/opencontainers/image-spec/blob/main/media-types.md). */
export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

const sha256 = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** A manifest or index with its text. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly text: string;
}

/** The manifest of an image for its only platform. It lists no layers: the local registry has none. */
export function platformManifest({ platform, command, environment }: Image): Manifest {
  const config = JSON.stringify({
    ...platform,
    config: { Cmd: command, Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`) },
  });
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: CONFIG_TYPE, digest: sha256(config), size: Buffer.byteLength(config) },
    layers: [],
  });
  return { digest: sha256(text), mediaType: MANIFEST_TYPE, text };
}

/** The index of an image, which has the image's digest. It lists the only manifest with its platform. */
export function imageIndex(image: Image): Manifest {
  const { digest, mediaType, text } = platformManifest(image);
  const { os, architecture } = image.platform;
  return {
    digest: image.digest,
    mediaType: INDEX_TYPE,
    text: JSON.stringify({
      schemaVersion: 2,
      mediaType: INDEX_TYPE,
      manifests: [{ mediaType, digest, size: Buffer.byteLength(text), platform: { architecture, os } }],
    }),
  };
}
