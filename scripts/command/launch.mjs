// @ts-check
// Runs a TypeScript program: `node scripts/command/launch.mjs scripts/release.ts --help`.
//
// At each start, esbuild bundles the program's own sources in memory (about 50 ms), and this process runs the bundle. Nothing
// is kept for the next start, so the code is never stale. Packages are not bundled: Node loads them from node_modules.
// This file is JavaScript because Node 20 can't run TypeScript by itself.
import { readFile } from "node:fs/promises";
import { createRequire, SourceMap } from "node:module";
import path from "node:path";
import { compileFunction } from "node:vm";
import { build, stop } from "esbuild";

/**
 * Gives each source its own `__dirname` and `__filename`. Without it, all would have those of the bundle.
 * @type {import("esbuild").Plugin}
 */
const ownFolders = {
  name: "own folders",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const source = await readFile(file, "utf8");
      if (!/\b__(dirname|filename)\b/.test(source)) return undefined;
      const names = `const __dirname = ${JSON.stringify(path.dirname(file))}, __filename = ${JSON.stringify(file)};`;
      // On the first line, so that line numbers stay the same.
      return { contents: `${names} ${source}`, loader: "ts" };
    });
  },
};

/**
 * Bundles a program into one CommonJS module. When a source does not compile, esbuild prints its file, line and error, and
 * the process exits with 1.
 * @param {string} program path of its first source
 * @param {string} bundleFile path that the bundle's stack frames show
 */
async function bundle(program, bundleFile) {
  try {
    const { outputFiles } = await build({
      entryPoints: [program],
      outfile: bundleFile,
      bundle: true,
      packages: "external",
      platform: "node",
      target: "node20",
      format: "cjs",
      // import() becomes require(): for Node, import() in compiled text is experimental, and warns.
      supported: { "dynamic-import": false },
      plugins: [ownFolders],
      sourcemap: "external",
      sourcesContent: false,
      write: false,
      logLevel: "error",
    });
    const [map = "", code = ""] = outputFiles.map(({ text }) => text);
    return { code, map };
  } catch (error) {
    if (!(error instanceof Error && "errors" in error)) throw error;
    process.exit(1);
  } finally {
    // Ends esbuild's own process.
    await stop();
  }
}

/** @type {(text: string) => import("node:module").SourceMapPayload} */
const parseMap = JSON.parse;

/**
 * Makes stack traces name the TypeScript sources. Node's own support for source maps also reads those of all packages, which
 * takes a synthesis 70 ms and 17 MB.
 * @param {string} bundleFile path in the stack frames
 * @param {string} mapText its source map
 */
function mapStackTraces(bundleFile, mapText) {
  /** @type {SourceMap | undefined} */
  let map;
  /** @param {NodeJS.CallSite & { toString(): string }} frame */
  const mapped = (frame) => {
    const text = String(frame);
    const place = `${bundleFile}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
    if (!text.includes(place)) return text;
    map ??= new SourceMap(parseMap(mapText));
    const origin = map.findEntry((frame.getLineNumber() ?? 1) - 1, (frame.getColumnNumber() ?? 1) - 1);
    if (!("originalSource" in origin)) return text;
    const source = path.resolve(path.dirname(bundleFile), origin.originalSource);
    return text.replace(place, () => `${source}:${origin.originalLine + 1}:${origin.originalColumn + 1}`);
  };
  Error.prepareStackTrace = (error, frames) =>
    [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${mapped(frame)}`)].join("\n");
}

const program = path.resolve(process.argv[2] ?? "");
const bundleFile = `${program}.bundle`;
const { code, map } = await bundle(program, bundleFile);
mapStackTraces(bundleFile, map);
// The program finds its arguments where Node would put them.
process.argv.splice(1, 2, program);
const run = compileFunction(code, ["require", "module"], { filename: bundleFile });
// Packages are those of this repository, also for a test's program in another folder.
Reflect.apply(run, undefined, [createRequire(import.meta.url), { exports: {} }]);
