import { spawn } from "node:child_process";
import { LogLines } from "./log-lines";

/** Docker is not there, cannot be used here, or failed; the message says what, where and what to do next. */
export class DockerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DockerError";
  }
}

/** Lines of a step's output that its failure shows, newest. */
const SHOWN_LINES = 10;

/**
 * Runs Docker's client, found on PATH, to its end.
 * @param options.signal ends it
 * @param options.onLine called with every line of its output
 * @returns what it wrote to its standard output
 * @throws DockerError when there is no such program, or it fails; the signal's reason when that ended it
 */
export async function runDocker(
  args: readonly string[],
  options: { readonly signal: AbortSignal; readonly onLine?: (line: string) => void },
): Promise<string> {
  const { signal, onLine } = options;
  signal.throwIfAborted();
  const lines = new LogLines(onLine);
  let written = "";
  const child = spawn("docker", args, { env: process.env, stdio: ["ignore", "pipe", "pipe"], signal });
  const readOut = lines.reader();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    written += text;
    readOut(text);
  });
  child.stderr.setEncoding("utf8").on("data", lines.reader());
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", (error) => {
      // Otherwise it runs, and was told to end by the signal.
      if (child.pid === undefined) reject(missingDocker(error));
    });
    child.once("close", resolve);
  });
  signal.throwIfAborted();
  if (code !== 0) {
    const said = lines.last().filter((line) => line.trim() !== "");
    throw new DockerError(
      `docker ${args[0]} ended with ${code === null ? "a signal" : `exit code ${code}`}: ` +
        (said.slice(-SHOWN_LINES).join("\n  ") || "it said nothing"),
    );
  }
  return written;
}

function missingDocker({ message }: Error): DockerError {
  return new DockerError(
    `docker can't be run: ${message}; install Docker, with its client on PATH, or use the process runtime (the default)`,
  );
}

/** Variables that tell Docker's client which daemon is meant. */
const CLIENT_VARIABLES = [
  "DOCKER_HOST",
  "DOCKER_CONTEXT",
  "DOCKER_CONFIG",
  "DOCKER_API_VERSION",
  "DOCKER_TLS_VERIFY",
  "DOCKER_CERT_PATH",
] as const;

/** Those variables of an environment, where they are set: with PATH and HOME all that the client needs. */
export function clientVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    CLIENT_VARIABLES.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
