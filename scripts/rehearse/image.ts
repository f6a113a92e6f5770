import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { DockerError, runDocker } from "../cloud/tasks/docker-client";
import type { VersionContent } from "./bundle";

/** Name of the image in this machine's Docker: each build takes it from the one before. */
const IMAGE_NAME = "canary-release-rehearsal";

/** What may be otherwise than usual. */
export interface BuildOptions {
  /** Gives the build up. */
  readonly signal: AbortSignal;
  /** Called with every line of its progress. */
  readonly onLine?: (line: string) => void;
}

const inspectionSchema = z.object({ Size: z.number() });

/**
 * Builds the API's own image, for the platform of this machine's Docker.
 * @param root folder that holds api/
 * @param outDirectory where Docker writes the image's id
 * @throws DockerError when it cannot be built; the signal's reason
 */
export async function buildImage(root: string, outDirectory: string, options: BuildOptions): Promise<VersionContent> {
  const idFile = path.join(outDirectory, "image-id");
  const directory = path.join(root, "api");
  await build(buildArguments(directory, idFile), options);
  // By its id, for the name may be another build's by now.
  const id = readFileSync(idFile, "utf8").trim();
  const inspected = await runDocker(["image", "inspect", "--format={{json .}}", id], { signal: options.signal });
  const { Size: sizeBytes } = inspectionSchema.parse(JSON.parse(inspected));
  return { command: [], dockerImage: id, contentHash: id, sizeBytes };
}

/** The arguments of Docker's client that build the image. */
function buildArguments(directory: string, idFile: string): string[] {
  return [
    "build",
    // For what its RUN steps download: the machine's network is there where a daemon's own is not, and the containers get
    // it too.
    "--network=host",
    // Else one that is given up leaves the container of its step behind.
    "--force-rm",
    `--tag=${IMAGE_NAME}`,
    `--iidfile=${idFile}`,
    directory,
  ];
}

async function build(args: readonly string[], options: BuildOptions): Promise<void> {
  try {
    await runDocker(args, options);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    throw new DockerError(
      `The image of api/ was not built: ${error.message}\n` +
        `Run docker ${args.filter((argument) => !argument.startsWith("--iidfile")).join(" ")} by hand to see all of it.`,
    );
  }
}
