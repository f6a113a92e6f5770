import { relative } from "node:path";
import { Image } from "@cdktf/provider-docker/lib/image";
import { RegistryImage } from "@cdktf/provider-docker/lib/registry-image";
import { Construct } from "constructs";
import { contentHash } from "./content-hash";

/** Settings of the first image. */
export interface FirstImageProps {
  readonly repositoryUrl: string;
  /** Folder with the Dockerfile, absolute. */
  readonly source: string;
  /** Folder that Terraform runs in, absolute. */
  readonly runsIn: string;
  readonly architecture: "X86_64" | "ARM64";
}

const PLATFORMS = { X86_64: "linux/amd64", ARM64: "linux/arm64" } as const;

/**
 * The image that the very first task definition runs; every later one is built and pushed by a release. So once it
 * is there, changed sources don't make another: a plan right after a release has to show no change.
 */
export class FirstImage extends Construct {
  /** `<repository>@sha256:…` */
  readonly reference: string;

  constructor(scope: Construct, id: string, props: FirstImageProps) {
    super(scope, id);
    const hash = contentHash(props.source);
    const triggers = { content: hash };
    const platform = PLATFORMS[props.architecture];
    const image = new Image(this, "image", {
      name: `${props.repositoryUrl}:${hash}`,
      // Relative, so that a plan is the same on every machine.
      buildAttribute: {
        context: relative(props.runsIn, props.source),
        platform,
        // What the service shows as its version in every response.
        buildArgs: { RELEASE_VERSION: hash },
      },
      platform,
      triggers,
      keepLocally: true,
      lifecycle: { ignoreChanges: ["name", "triggers", "build", "platform"] },
    });
    const pushed = new RegistryImage(this, "pushed", {
      name: image.name,
      // Images that were released are what a rollback goes back to.
      keepRemotely: true,
      triggers,
      lifecycle: { ignoreChanges: ["name", "triggers"] },
    });
    this.reference = `${props.repositoryUrl}@${pushed.sha256Digest}`;
  }
}
