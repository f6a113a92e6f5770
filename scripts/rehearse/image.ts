import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { DockerError, runDocker } from "../cloud/tasks/docker-client";
import type { VersionContent } from "./version-image";

/** Name of the image in this machine's Docker. Each build moves the name to its own image. */
const IMAGE_NAME = "canary-release-rehearsal";

/** Settings of a build. */
export interface BuildOptions {
  /** Aborts the build. */
  readonly signal: AbortSignal;
  /** Called with each line of the build's output. */
  readonly onLine?: (line: string) => void;
}

const inspectionSchema = z.object({ Size: z.number() });

/**
 * Builds the image of a Dockerfile for the platform of this machine's Docker.
 * @param directory folder of the Dockerfile
 * @param outDirectory where Docker writes the image's id
 * @throws DockerError when the build fails; the signal's reason when it is aborted
 */
export async function buildImage(
  directory: string,
  outDirectory: string,
  options: BuildOptions,
): Promise<VersionContent> {
  const idFile = path.join(outDirectory, "image-id");
  await build(directory, buildArguments(directory, idFile), options);
  // Another build may have taken the name by now, so the image is addressed by its id.
  const id = readFileSync(idFile, "utf8").trim();
  const inspected = await runDocker(["image", "inspect", "--format={{json .}}", id], { signal: options.signal });
  const { Size: sizeBytes } = inspectionSchema.parse(JSON.parse(inspected));
  return { command: [], environment: {}, dockerImage: id, contentHash: id, sizeBytes };
}

/** Returns the arguments of the docker command that builds the image. */
function buildArguments(directory: string, idFile: string): string[] {
  return [
    "build",
    // RUN steps download packages. The host's network works where the daemon's own network does not, and the tasks'
    // containers use it too.
    "--network=host",
    // Without this, an aborted build leaves the container of its current step behind.
    "--force-rm",
    `--tag=${IMAGE_NAME}`,
    `--iidfile=${idFile}`,
    directory,
  ];
}

async function build(directory: string, args: readonly string[], options: BuildOptions): Promise<void> {
  try {
    await runDocker(args, options);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    throw new DockerError(
      `The image of ${directory} was not built: ${error.message}\n` +
        `Run docker ${args.filter((argument) => !argument.startsWith("--iidfile")).join(" ")} by hand to see its whole output.`,
    );
  }
}
