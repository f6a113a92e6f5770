import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Which hashicorp/aws Terraform can have here. */
export interface ProviderVersion {
  /** The version that the bindings are for: what the stacks ask for. */
  readonly pinned: string;
  /** The version of the mirror that takes its place; absent: the pinned one is had. */
  readonly instead?: string;
}

/**
 * Which hashicorp/aws Terraform can have: the pinned version, unless the Terraform CLI configuration names a mirror
 * that has only others.
 * @param pinned as the stacks ask for it
 * @param cliConfigFile TF_CLI_CONFIG_FILE
 */
export function providerVersion(pinned: string, cliConfigFile = process.env.TF_CLI_CONFIG_FILE): ProviderVersion {
  const mirror = cliConfigFile && /filesystem_mirror\s*\{[^}]*?path\s*=\s*"([^"]+)"/.exec(read(cliConfigFile))?.[1];
  if (!mirror) return { pinned };
  const versions = list(mirror)
    // A mirror has a folder for each registry's host, and in it namespace and type.
    .flatMap((host) => list(join(mirror, host, "hashicorp", "aws")))
    // Unpacked providers are folders named by version; packed ones are files named aws_<version>_<platform>.zip.
    .map((name) => /^(?:terraform-provider-aws_)?(\d+\.\d+\.\d+)/.exec(name)?.[1])
    .filter((version) => version !== undefined)
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  const newest = versions.at(-1);
  return newest === undefined || versions.includes(pinned) ? { pinned } : { pinned, instead: newest };
}

/** In the name of a test: which provider is used, and why not the pinned one. */
export function inWords({ pinned, instead }: ProviderVersion): string {
  return instead === undefined
    ? `hashicorp/aws ${pinned}`
    : `hashicorp/aws ${instead} (the mirror has no ${pinned}, which the bindings are for)`;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
