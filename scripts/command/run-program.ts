import { spawn } from "node:child_process";

/** A program to run. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Sends it a SIGINT, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

/** Result of a program that ran. */
export interface ProgramResult {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program and resolves when it has ended; tests use a fake. */
export type RunProgram = (program: Program) => Promise<ProgramResult>;

/**
 * Runs a program on this machine.
 * @throws Error with code ENOENT when the program does not exist
 */
export const runProgram: RunProgram = ({ command, args, directory, environment, signal }) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: directory,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      ...(signal && { signal, killSignal: "SIGINT" }),
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output.stderr += chunk));
    child.once("error", (error) => (signal?.aborted ? undefined : reject(error)));
    child.once("close", (code) => resolve({ code, ...output }));
  });
