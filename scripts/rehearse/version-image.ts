import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { build, stop } from "esbuild";
import type { ImagePush } from "../cloud/tasks/images";
import type { ServiceProgram } from "./service-program";

/** A Node service as one file that Node runs without node_modules. */
export interface Bundle {
  readonly file: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  readonly sizeBytes: number;
}

/**
 * Bundles a Node service and its dependencies into one file.
 * @param entry path of its first source
 * @param outDirectory where the file is written
 * @throws esbuild's error when the service does not compile
 */
export async function bundleService(entry: string, outDirectory: string): Promise<Bundle> {
  const file = path.join(outDirectory, "server.js");
  try {
    await build({
      entryPoints: [entry],
      outfile: file,
      absWorkingDir: path.dirname(entry),
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      logLevel: "silent",
    });
  } finally {
    // esbuild leaves its service process running after a build.
    await stop();
  }
  const content = readFileSync(file);
  return { file, hash: createHash("sha256").update(content).digest("hex"), sizeBytes: content.length };
}

/** The part of an image that all versions of the service share. */
export type VersionContent = Pick<
  ImagePush,
  "command" | "directory" | "dockerImage" | "contentHash" | "sizeBytes" | "environment"
>;

/**
 * Returns the content of an image that runs the service as a process of this machine.
 * @param outDirectory where a bundle is written
 * @throws esbuild's error when the service does not compile
 */
export async function processContent(program: ServiceProgram, outDirectory: string): Promise<VersionContent> {
  if (program.kind === "command") {
    const { command, directory } = program;
    return { command, directory, environment: {}, contentHash: JSON.stringify([directory, command]) };
  }
  const { file, hash, sizeBytes } = await bundleService(program.entry, outDirectory);
  return {
    command: [process.execPath, file],
    environment: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    contentHash: hash,
    sizeBytes,
  };
}

/**
 * Returns the image of one version of the service. All versions run the same program; only the variable RELEASE_VERSION
 * differs. The platform is the configured one, even where this machine has another.
 */
export function imageOfVersion(
  content: VersionContent,
  options: {
    readonly repository: string;
    readonly version: string;
    readonly architecture: "X86_64" | "ARM64";
  },
): ImagePush {
  return {
    repository: options.repository,
    tags: [`v${options.version}`],
    ...content,
    environment: { ...content.environment, RELEASE_VERSION: options.version },
    platform: { os: "linux", architecture: options.architecture === "ARM64" ? "arm64" : "amd64" },
  };
}
