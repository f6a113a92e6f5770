import { createHash } from "node:crypto";
import path from "node:path";
import { buildSync } from "esbuild";
import { zipOf } from "./zip";

/** Each function has a folder of its own here, with `index.ts`. */
const FUNCTIONS = __dirname;

/** A function as Lambda takes it. */
export interface FunctionPackage {
  readonly zip: Buffer;
  /** SHA-256 of the archive, in base64 as Lambda shows it. */
  readonly hash: string;
}

const packages = new Map<string, FunctionPackage>();

/**
 * Bundles a function into an archive with one file, `index.js`; the same sources give the same bytes. The AWS SDK stays
 * outside: Lambda's Node runtime has it.
 * @param name folder under stacks/functions
 * @throws esbuild's error when it does not compile
 */
export function packageFunction(name: string): FunctionPackage {
  const known = packages.get(name);
  if (known) return known;
  const { outputFiles } = buildSync({
    entryPoints: ["index.ts"],
    // Names of sources in the bundle are relative to this: not to where synth was called.
    absWorkingDir: path.join(FUNCTIONS, name),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    charset: "utf8",
    external: ["@aws-sdk/*"],
    write: false,
    logLevel: "silent",
    tsconfigRaw: {},
  });
  const zip = zipOf("index.js", Buffer.concat(outputFiles.map(({ contents }) => contents)));
  const made = { zip, hash: createHash("sha256").update(zip).digest("base64") };
  packages.set(name, made);
  return made;
}
