import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../stacks/config";
import { synthesize } from "../stacks/synthesis";

/**
 * Runs the real synthesis, with a service of one line in place of its own.
 * @param directory an empty one, which then holds all there is of it
 * @returns the folder that main.ts would have written
 */
export function synthesizeInto(directory: string, config: Config): string {
  const source = join(directory, "api");
  mkdirSync(source);
  writeFileSync(join(source, "Dockerfile"), "FROM scratch\n");
  const outdir = join(directory, "cdktf.out");
  synthesize(config, { outdir, source });
  return outdir;
}
