import { spawn } from "node:child_process";
import { LogLines } from "./log-lines";

/** Docker is missing, can't be used here, or failed; the message names the problem and the next step. */
export class DockerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DockerError";
  }
}

/** Number of output lines that the error of a failed command shows, the newest. */
const SHOWN_LINES = 10;

/**
 * Runs Docker's client, which has to be on PATH, until it exits.
 * @param options.signal aborts it
 * @param options.onLine called with every line of its output
 * @returns its standard output
 * @throws DockerError when there is no client, or it fails; the signal's reason when that aborted it
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
      // With a process id the client runs, and the error is the signal's abort.
      if (child.pid === undefined) reject(missingDocker(error));
    });
    child.once("close", resolve);
  });
  signal.throwIfAborted();
  if (code !== 0) {
    const output = lines.last().filter((line) => line.trim() !== "");
    throw new DockerError(
      `docker ${args[0]} ended with ${code === null ? "a signal" : `exit code ${code}`}: ` +
        (output.slice(-SHOWN_LINES).join("\n  ") || "it printed nothing"),
    );
  }
  return written;
}

function missingDocker({ message }: Error): DockerError {
  return new DockerError(
    `docker can't be run: ${message}; install Docker, with its client on PATH, or use the process runtime (the default)`,
  );
}

/** Variables with which Docker's client chooses its daemon. */
const CLIENT_VARIABLES = [
  "DOCKER_HOST",
  "DOCKER_CONTEXT",
  "DOCKER_CONFIG",
  "DOCKER_API_VERSION",
  "DOCKER_TLS_VERIFY",
  "DOCKER_CERT_PATH",
] as const;

/** The variables of an environment that Docker's client needs, beside PATH and HOME. */
export function clientVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    CLIENT_VARIABLES.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
