import { createHash } from "node:crypto";
import path from "node:path";
import { buildSync } from "esbuild";
import { zipOf } from "./zip";

/** Each function has its own folder here, with `index.ts`. */
const FUNCTIONS = __dirname;

/** A function's deployment package for Lambda. */
export interface FunctionPackage {
  readonly zip: Buffer;
  /** SHA-256 of the archive in base64, as in Lambda's CodeSha256. */
  readonly hash: string;
}

/** Values that take the place of names in a function's sources, as JSON. */
export type Constants = Readonly<Record<string, unknown>>;

const packages = new Map<string, FunctionPackage>();

/**
 * Bundles a function into an archive with one file, `index.js`. The same sources always give the same bytes. The bundle doesn't
 * include the AWS SDK, because Lambda's Node runtime has it.
 * @param name folder in stacks/functions
 * @param constants values of names that the sources declare
 * @throws the error of esbuild when the function does not compile
 */
export function packageFunction(name: string, constants: Constants = {}): FunctionPackage {
  const key = JSON.stringify([name, constants]);
  const known = packages.get(key);
  if (known) return known;
  const { outputFiles } = buildSync({
    entryPoints: ["index.ts"],
    // The bundle contains paths of sources relative to this folder, so they don't depend on the working directory.
    absWorkingDir: path.join(FUNCTIONS, name),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    charset: "utf8",
    external: ["@aws-sdk/*"],
    define: Object.fromEntries(Object.entries(constants).map(([constant, value]) => [constant, JSON.stringify(value)])),
    write: false,
    logLevel: "silent",
    tsconfigRaw: {},
  });
  const zip = zipOf("index.js", Buffer.concat(outputFiles.map(({ contents }) => contents)));
  const made = { zip, hash: createHash("sha256").update(zip).digest("base64") };
  packages.set(key, made);
  return made;
}
