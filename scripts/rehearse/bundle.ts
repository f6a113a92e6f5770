import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { build, stop } from "esbuild";
import type { ImagePush } from "../cloud/tasks/images";

/** The API as one file that Node runs without node_modules. */
export interface Bundle {
  readonly file: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  readonly sizeBytes: number;
}

/**
 * Bundles the API and its dependencies into one file.
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
    // esbuild leaves its service process running after a build.
    await stop();
  }
  const content = readFileSync(file);
  return { file, hash: createHash("sha256").update(content).digest("hex"), sizeBytes: content.length };
}

/** The part of an image that all versions of the API share. */
export type VersionContent = Pick<ImagePush, "command" | "dockerImage" | "contentHash" | "sizeBytes">;

/** Returns the content of an image that runs the bundle with this machine's Node. */
export function bundleContent({ file, hash, sizeBytes }: Bundle): VersionContent {
  return { command: [process.execPath, file], contentHash: hash, sizeBytes };
}

/**
 * Returns the image of one version of the API. All versions run the same program; only the version number that they
 * answer with differs. The platform is the configured one, even where this machine has another.
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
      // One log line per request costs time, and hides the last lines of a task that crashes.
      LOG_LEVEL: "warn",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    platform: { os: "linux", architecture: options.architecture === "ARM64" ? "arm64" : "amd64" },
  };
}
