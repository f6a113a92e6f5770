import { join } from "node:path";
import { LAUNCHER } from "./launcher";
import type { RunProgram } from "./run-program";
import { StacksError } from "./synthesized-stacks";

/** Options of `synthesizeStacks`. */
export interface SynthesisOptions {
  readonly environment: string;
  /** Folder of main.ts and cdktf.json. */
  readonly root: string;
  readonly run: RunProgram;
  /** Environment variables of the synthesis. */
  readonly variables: NodeJS.ProcessEnv;
  /** Where the stacks are written; default: cdktf.out under the root. */
  readonly folder?: string;
  readonly signal?: AbortSignal;
}

/**
 * Synthesizes the stacks in a separate process, as `npm run synth` does.
 * @returns the folder of the stacks
 * @throws StacksError with the output of the synthesis, when it failed
 */
export async function synthesizeStacks(options: SynthesisOptions): Promise<string> {
  const { environment, root, run, variables, signal, folder = join(root, "cdktf.out") } = options;
  const { code, stdout, stderr } = await run({
    command: process.execPath,
    args: [LAUNCHER, "main.ts"],
    directory: root,
    environment: { ...variables, ENVIRONMENT: environment, CDKTF_OUTDIR: folder },
    ...(signal && { signal }),
  });
  signal?.throwIfAborted();
  if (code !== 0) throw new StacksError(`${stdout}${stderr}`.trim() || "the synthesis failed without output");
  return folder;
}
