import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ReleaseArguments } from "./arguments";
import type { ReleaseDeps } from "./deps";
import { buildAndPush, checkDocker, contentTag } from "./docker";
import { digestOf, ImageError } from "./image";
import type { Facts } from "./preflight";

/** The image to release. */
export interface PreparedImage {
  /** `<repository>@sha256:…`; in a dry run of a build, `<repository>:<tag>`. */
  readonly reference: string;
}

/**
 * The image by its digest: the image of `--image`, an earlier one of the same sources, or a new one, built and pushed. A dry
 * run only checks that Docker responds.
 *
 * @throws ImageError when Docker can't build or push the image, or doesn't respond in a dry run, or there is no Dockerfile
 * @throws what ECR throws
 */
export async function prepareImage(args: ReleaseArguments, facts: Facts, deps: ReleaseDeps): Promise<PreparedImage> {
  const { aws, emit } = deps;
  const { repository, platform } = facts;
  const show = (name: string, reference: string) => {
    const digest = reference.slice(reference.indexOf("@") + 1);
    emit({ type: "progress", text: name.includes(digest) ? `image ${name}` : `image ${name}: ${digest}` });
    return { reference };
  };
  if (facts.image !== undefined) return show(args.image ?? "", facts.image);
  if (repository === undefined)
    throw new ImageError("there is no repository to push an image to", "name it with --image");

  if (!existsSync(join(deps.source, "Dockerfile"))) {
    throw new ImageError(
      `${deps.source}/ has no Dockerfile to build the image from`,
      "write one, correct service.source in cdktf.json, or release an image that is already pushed with --image",
    );
  }
  const tag = contentTag(deps.source, platform);
  const existing = await digestOf(aws, repository, { tag });
  if (existing !== undefined)
    return show(`${tag}, built before from the same sources`, `${repository.url}@${existing}`);
  if (args.dryRun) {
    await checkDocker(deps.runner, deps.interruption.stop);
    emit({ type: "progress", text: `image ${tag} would be built from ${deps.source}/ for ${platform} and pushed` });
    return { reference: `${repository.url}:${tag}` };
  }

  emit({ type: "progress", text: `building image ${tag} from ${deps.source}/ for ${platform}` });
  const build = { directory: deps.source, repository, tag, platform };
  const onLine = (line: string) => emit({ type: "output", line });
  await buildAndPush(aws, deps.runner, build, onLine, deps.interruption.stop);
  const pushed = await digestOf(aws, repository, { tag });
  if (pushed === undefined) {
    throw new ImageError(
      `docker pushed ${tag}, and ECR doesn't have it`,
      "push it by hand and release it with --image",
    );
  }
  return show(tag, `${repository.url}@${pushed}`);
}
