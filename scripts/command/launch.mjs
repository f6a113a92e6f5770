// @ts-check
// Runs a TypeScript program: `node scripts/command/launch.mjs scripts/release.ts --help`.
//
// 1. esbuild bundles the program's own sources (bundle.mjs).
// 2. It also bundles the large packages that they import. Node loads the other packages from node_modules.
// 3. This process runs both bundles.
//
// The bundles are kept in node_modules/.cache/launch, and made again when any of their inputs changes (bundle-cache.mjs).
// This file is JavaScript because Node 20 can't run TypeScript by itself.
import { createRequire, SourceMap } from "node:module";
import path from "node:path";
import { Script } from "node:vm";
import { bundlePackages, bundleProgram, MAP_PREFIX } from "./bundle.mjs";
import { cacheOf } from "./bundle-cache.mjs";

/** @type {(text: string) => import("node:module").SourceMapPayload} */
const parseMap = JSON.parse;

/**
 * Makes stack traces name the TypeScript sources. Node's own support for source maps also reads those of all packages, which
 * takes a synthesis 70 ms and 17 MB.
 * @param {string} bundleFile path in the stack frames
 * @param {string} code of the bundle; its source map is at the end
 */
function mapStackTraces(bundleFile, code) {
  /** @type {SourceMap | undefined} */
  let map;
  const readMap = () => {
    const base64 = code.slice(code.lastIndexOf(MAP_PREFIX) + MAP_PREFIX.length);
    return new SourceMap(parseMap(Buffer.from(base64, "base64").toString()));
  };
  /** @param {NodeJS.CallSite & { toString(): string }} frame */
  const mapped = (frame) => {
    const text = String(frame);
    const place = `${bundleFile}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
    if (!text.includes(place)) return text;
    map ??= readMap();
    const origin = map.findEntry((frame.getLineNumber() ?? 1) - 1, (frame.getColumnNumber() ?? 1) - 1);
    if (!("originalSource" in origin)) return text;
    const source = path.resolve(path.dirname(bundleFile), origin.originalSource);
    return text.replace(place, () => `${source}:${origin.originalLine + 1}:${origin.originalColumn + 1}`);
  };
  Error.prepareStackTrace = (error, frames) =>
    [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${mapped(frame)}`)].join("\n");
}

/**
 * Runs a bundle, and keeps what V8 has compiled of it for the next start.
 * @param {import("./bundle-cache.mjs").Bundle} bundle
 * @param {string} filename for stack frames
 * @param {(id: string) => unknown} require
 * @returns {Record<string, () => unknown>} what the bundle exports
 */
function run({ code, compiled, keepCompiled }, filename, require) {
  const script = new Script(code, { filename, ...(compiled && { cachedData: compiled }) });
  // V8 refuses what another version or other flags of it compiled. At the exit, V8 has compiled every function that was called.
  if (script.cachedDataRejected !== false && keepCompiled) {
    process.once("exit", () => keepCompiled(script.createCachedData()));
  }
  const module = { exports: {} };
  /** @type {unknown} */
  const start = script.runInThisContext();
  Reflect.apply(/** @type {() => void} */ (start), undefined, [require, module, module.exports]);
  return module.exports;
}

const program = path.resolve(process.argv[2] ?? "");
const cache = cacheOf(program);
const own = await cache.bundle("program", "", () => bundleProgram(program));
const large = cache.folder === undefined ? [] : own.largePackages;
const packages =
  large.length === 0 ? undefined : await cache.bundle("packages", large.join(" "), () => bundlePackages(large));

mapStackTraces(`${program}.bundle`, own.code);
// The program finds its arguments where Node would put them.
process.argv.splice(1, 2, program);
// Packages are those of this repository, also for a test's program in another folder.
const requireFromNode = createRequire(import.meta.url);
const loaders = packages === undefined ? {} : run(packages, packages.file, requireFromNode);
run(own, `${program}.bundle`, (id) => (Object.hasOwn(loaders, id) ? loaders[id]?.() : requireFromNode(id)));
