import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { ConfigError, type Config } from "../../stacks/config";
import type { RuntimeName } from "../cloud/tasks/part";

/** How a service runs as a process of this machine: by a command, or as a bundle of its first source. */
export type ServiceProgram =
  | {
      readonly kind: "command";
      /** The absolute path of the program, and its arguments. */
      readonly command: readonly string[];
      /** The folder of the service. */
      readonly directory: string;
    }
  | { readonly kind: "bundle"; readonly entry: string };

/** The first source of a Node service without `rehearsal.command`. */
const ENTRIES = ["src/server.ts", "src/server.js"] as const;

/**
 * Finds the service and the program that runs it.
 * @param root folder of cdktf.json
 * @returns undefined with the docker runtime, where the image runs
 * @throws ConfigError when a file or program is missing
 */
export function serviceProgram(
  root: string,
  { service: { source }, rehearsal: { command } }: Pick<Config, "service" | "rehearsal">,
  runtime: RuntimeName,
): ServiceProgram | undefined {
  const directory = path.join(root, source);
  if (!isDirectory(directory)) {
    throw new ConfigError([`service.source: ${source} is no folder in ${root}; name the folder of the service`]);
  }
  if (runtime === "docker") {
    if (isFile(path.join(directory, "Dockerfile"))) return undefined;
    throw new ConfigError([
      `service.source: ${source} has no Dockerfile, from which --runtime docker builds the image; add one, or leave the option out`,
    ]);
  }
  if (command !== undefined) {
    const [program = "", ...args] = command;
    return { kind: "command", command: [findProgram(program, directory, "rehearsal.command"), ...args], directory };
  }
  const entry = ENTRIES.map((file) => path.join(directory, file)).find(isFile);
  if (entry !== undefined) return { kind: "bundle", entry };
  throw new ConfigError([
    `rehearsal.command: it is missing, and ${source} has no ${ENTRIES[0]} that could be bundled: say how the service is ` +
      'started on this machine, for example "command": ["python3", "-u", "server.py"], or use --runtime docker',
  ]);
}

/**
 * Finds a program as a shell does: by its path, or by its name in PATH.
 * @param directory the folder that a relative path starts from
 * @param key the key path that names the program, for the error
 * @returns its absolute path
 * @throws ConfigError when there is no such program, or it can't be executed
 */
export function findProgram(program: string, directory: string, key: string): string {
  const isPath = program.includes("/");
  const folders = isPath ? [directory] : (process.env["PATH"] ?? "").split(path.delimiter).filter(Boolean);
  const candidates = folders.map((folder) => path.resolve(folder, program));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  const [file = ""] = candidates;
  const problem = !isPath
    ? "is on no folder of PATH; install it, or name its path"
    : isFile(file)
      ? `is not executable: chmod +x ${file}`
      : `is not there: no file ${file}`;
  throw new ConfigError([`${key}: the program ${JSON.stringify(program)} ${problem}`]);
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function isExecutable(file: string): boolean {
  if (!isFile(file)) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
