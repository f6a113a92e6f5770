import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { build, stop } from "esbuild";
import type { ImagePush } from "../cloud/tasks/images";

/** The API as one file that Node runs alone. */
export interface Bundle {
  readonly file: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  readonly sizeBytes: number;
}

/**
 * Bundles the API, with all it depends on, into one file.
 * @param root folder that holds api/
 * @param outDirectory where the file is written
 * @throws esbuild's error when the API does not compile
 */
export async function bundleApi(root: string, outDirectory: string): Promise<Bundle> {
  const file = path.join(outDirectory, "server.js");
  try {
    await build({
      entryPoints: [path.join(root, "api", "src", "server.ts")],
      outfile: file,
      absWorkingDir: root,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      logLevel: "silent",
    });
  } finally {
    // esbuild keeps a process for the next build.
    await stop();
  }
  const content = readFileSync(file);
  return { file, hash: createHash("sha256").update(content).digest("hex"), sizeBytes: content.length };
}

/** What the versions of the API have in common. */
export type VersionContent = Pick<ImagePush, "command" | "dockerImage" | "contentHash" | "sizeBytes">;

/** The bundle as what this machine's Node runs. */
export function bundleContent({ file, hash, sizeBytes }: Bundle): VersionContent {
  return { command: [process.execPath, file], contentHash: hash, sizeBytes };
}

/**
 * The image of one version of the API: the same program for each, told by the version it answers with. Its platform is
 * the one that is configured, whatever this machine's is.
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
    environment: {
      RELEASE_VERSION: options.version,
      // A line for each request would be work that no one reads, and hide what a task says when it dies.
      LOG_LEVEL: "warn",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    platform: { os: "linux", architecture: options.architecture === "ARM64" ? "arm64" : "amd64" },
  };
}
