import { spawn } from "node:child_process";

/** How a program is run. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Interrupts it, as Ctrl-C would. */
  readonly signal?: AbortSignal;
}

/** How it ended: what it wrote, and its exit code (null: ended by a signal). */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; tests bring their own. */
export type RunProgram = (program: Program) => Promise<Ended>;

/**
 * Runs a program on this machine.
 * @throws Error with code ENOENT when there is no such program
 */
export const runProgram: RunProgram = ({ command, args, directory, environment, signal }) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: directory,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      ...(signal && { signal, killSignal: "SIGINT" }),
    });
    const written = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (written.stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (written.stderr += chunk));
    child.once("error", (error) => (signal?.aborted ? undefined : reject(error)));
    child.once("close", (code) => resolve({ code, ...written }));
  });
