// @ts-check
// The two bundles of a program, as CommonJS: its own sources, and the large packages that they import.
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import path from "node:path";

/** Comes before the source map, in the last line of a program's bundle. */
export const MAP_PREFIX = "\n//# sourceMappingURL=data:application/json;base64,";

/**
 * Packages of many files, which take Node most of a start to load one by one. The others are loaded by Node, because not every
 * package can be bundled: esbuild starts a program that lies beside it, for example.
 */
const LARGE_PACKAGES = /^(?:@aws-sdk|@cdktf|@smithy)\/|^(?:cdktf|commander|constructs|yaml|zod)(?:\/|$)/;

/**
 * What esbuild makes.
 * @typedef {object} MadeBundle
 * @property {string} code an expression: a function of require, module and exports
 * @property {readonly string[]} inputs absolute paths of the files that it comes from
 * @property {readonly string[]} largePackages what it imports of LARGE_PACKAGES, sorted
 */

/**
 * Gives each source its own `__dirname` and `__filename`. Without it, all would have those of the bundle.
 * @type {import("esbuild").Plugin}
 */
const ownFolders = {
  name: "own folders",
  setup(build) {
    build.onLoad({ filter: /\.(?:ts|[cm]?js)$/ }, async ({ path: file }) => {
      const source = await readFile(file, "utf8");
      if (!/\b__(dirname|filename)\b/.test(source)) return undefined;
      // Only the first statement of a module can make it strict.
      const strict = /^["']use strict["']/m.test(source) ? '"use strict"; ' : "";
      const names = `const __dirname = ${JSON.stringify(path.dirname(file))}, __filename = ${JSON.stringify(file)};`;
      // On the first line, so that line numbers stay the same.
      return { contents: `${strict}${names} ${source}`, loader: file.endsWith(".ts") ? "ts" : "js" };
    });
  },
};

/**
 * The program's own sources, with their source map. Packages are not part of it.
 * @param {string} program absolute path of its first source
 */
export function bundleProgram(program) {
  return bundle({
    entryPoints: [program],
    // The source map names the sources relative to its folder.
    outfile: `${program}.bundle`,
    packages: "external",
    sourcemap: "inline",
    sourcesContent: false,
  });
}

/**
 * A table of the packages: each of its functions loads one.
 * @param {readonly string[]} names as the program imports them
 */
export function bundlePackages(names) {
  const table = names.map((name) => JSON.stringify(name)).map((name) => `exports[${name}] = () => require(${name});`);
  return bundle({ stdin: { contents: table.join("\n"), resolveDir: import.meta.dirname }, external: ["esbuild"] });
}

/**
 * When a source does not compile, esbuild prints its file, line and error, and the process exits with 1.
 * @param {import("esbuild").BuildOptions} options
 * @returns {Promise<MadeBundle>}
 */
async function bundle(options) {
  // Loaded here, because most starts need no esbuild.
  const { build, stop } = await import("esbuild");
  try {
    const { outputFiles, metafile } = await build({
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      // The files that Node would load; esbuild's default prefers ES modules in some packages.
      conditions: [],
      // import() becomes require(): for Node, import() in compiled text is experimental, and warns.
      supported: { "dynamic-import": false },
      plugins: [ownFolders],
      banner: { js: "(function (require, module, exports) {" },
      footer: { js: "})" },
      write: false,
      metafile: true,
      logLevel: "error",
      ...options,
    });
    const { inputs = {}, outputs = {} } = metafile ?? {};
    const imported = Object.values(outputs).flatMap(({ imports }) => imports.map((to) => to.path));
    return {
      code: outputFiles?.[0]?.text ?? "",
      inputs: Object.keys(inputs)
        .filter((name) => name !== "<stdin>")
        .map((name) => path.resolve(name)),
      largePackages: [...new Set(imported)].filter((name) => LARGE_PACKAGES.test(name) && !isBuiltin(name)).sort(),
    };
  } catch (error) {
    if (!(error instanceof Error && "errors" in error)) throw error;
    process.exit(1);
  } finally {
    // Ends esbuild's own process.
    await stop();
  }
}
