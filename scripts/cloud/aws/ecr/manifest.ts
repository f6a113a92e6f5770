import { createHash } from "node:crypto";
import type { Image } from "../../tasks/part";

/** Media types of the OCI image specification. */
export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

const sha256 = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** A manifest as it is served. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly text: string;
}

/**
 * The manifest of the image for its one platform. The local registry holds no layers, so it lists none.
 */
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

/** The index that the image's digest names: says for which platform its one manifest is. */
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
