import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { isNativeError } from "node:util/types";
import { compileFunction } from "node:vm";
import { build, stop, type BuildFailure } from "esbuild";
import { ConfigError } from "../../../stacks/config";
import type { CreateTraffic, Traffic, TrafficOptions } from "../traffic-module";
import { checkedTraffic, trafficProblem } from "./checked-traffic";

/** What a bundled module finds, beside the globals of Node. */
const PARAMETERS = ["require", "module", "exports", "__filename", "__dirname", "importMetaUrl"] as const;

/**
 * Bundles a traffic module with what it imports, and creates its traffic.
 * @param root folder of cdktf.json
 * @param file the module's path, relative to it
 * @returns a traffic whose methods throw TrafficModuleError when the module does something wrong
 * @throws ConfigError when the file can't be bundled or run, or exports no `createTraffic` that returns a traffic
 */
export async function loadTrafficModule(root: string, file: string, options: TrafficOptions): Promise<Traffic> {
  const refuse = (text: string) => new ConfigError([`rehearsal.module: ${file} ${text}`]);
  const source = path.join(root, file);
  const code = await bundled(source).catch((error: unknown) => {
    throw refuse(`does not compile: ${problemsOf(error, root)}`);
  });
  let exported: Partial<Record<"createTraffic", unknown>>;
  try {
    exported = run(code, source);
  } catch (error) {
    throw refuse(`can't be loaded: ${nameAndMessageOf(error)}`);
  }
  const { createTraffic } = exported;
  if (typeof createTraffic !== "function") {
    const names = Object.keys(exported).join(", ") || "nothing";
    throw refuse(
      `exports no function createTraffic, but ${names}; scripts/rehearse/traffic-module.ts says what it must return`,
    );
  }
  let traffic: Traffic;
  try {
    traffic = (createTraffic as CreateTraffic)(options);
  } catch (error) {
    throw refuse(`can't be used: createTraffic() threw ${nameAndMessageOf(error)}`);
  }
  const problem = trafficProblem(traffic);
  if (problem !== undefined) throw refuse(`can't be used: createTraffic() returned ${problem}`);
  return checkedTraffic(traffic, file);
}

async function bundled(source: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [source],
      absWorkingDir: path.dirname(source),
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      define: { "import.meta.url": "importMetaUrl" },
      write: false,
      logLevel: "silent",
    });
    return outputFiles[0]?.text ?? "";
  } finally {
    // esbuild leaves its service process running after a build.
    await stop();
  }
}

function run(code: string, source: string): Partial<Record<"createTraffic", unknown>> {
  const module = { exports: {} };
  const call = compileFunction(code, [...PARAMETERS], { filename: source }) as (...values: readonly unknown[]) => void;
  call(createRequire(source), module, module.exports, source, path.dirname(source), pathToFileURL(source).href);
  return module.exports;
}

/** The errors of esbuild with file and line. */
function problemsOf(error: unknown, root: string): string {
  const errors = error instanceof Error && "errors" in error ? (error as BuildFailure).errors : [];
  const lines = errors.map(({ text, location }) => {
    if (location === null) return text;
    // The path is relative to the module's folder, or absolute.
    return `${path.basename(location.file)}:${location.line}:${location.column + 1}: ${text}`;
  });
  return lines.join("; ").replaceAll(`${root}${path.sep}`, "") || nameAndMessageOf(error);
}

function nameAndMessageOf(error: unknown): string {
  return isNativeError(error) ? `${error.name}: ${error.message}` : String(error);
}
