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
  /** Folder in which Terraform runs, absolute. */
  readonly runsIn: string;
  readonly architecture: "X86_64" | "ARM64";
}

const PLATFORMS = { X86_64: "linux/amd64", ARM64: "linux/arm64" } as const;

/**
 * The image of the first task definition. Releases build and push all later images. After the first deploy, changed sources
 * don't build another image, so that a plan after a release shows no change.
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
      // A relative path, so that the plan is the same on every machine.
      buildAttribute: {
        context: relative(props.runsIn, props.source),
        platform,
        // The service sends this version in every response.
        buildArgs: { RELEASE_VERSION: hash },
      },
      platform,
      triggers,
      keepLocally: true,
      lifecycle: { ignoreChanges: ["name", "triggers", "build", "platform"] },
    });
    const pushed = new RegistryImage(this, "pushed", {
      name: image.name,
      // A rollback may need any released image.
      keepRemotely: true,
      triggers,
      lifecycle: { ignoreChanges: ["name", "triggers"] },
    });
    this.reference = `${props.repositoryUrl}@${pushed.sha256Digest}`;
  }
}
