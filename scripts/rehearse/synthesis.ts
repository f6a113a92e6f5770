import { spawn } from "node:child_process";
import { LAUNCHER } from "../command/launcher";

/** The stacks could not be synthesized. The message is the output of main.ts. */
export class SynthesisError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SynthesisError";
  }
}

/**
 * Synthesizes the stacks as `npm run synth` does, in a child process. The service needs no Dockerfile, because Terraform doesn't
 * build the first image.
 * @param options.root folder of main.ts and cdktf.json
 * @param options.outDirectory where the stacks are written
 * @param options.variables environment variables of the process, e.g. ENVIRONMENT and CDKTF_CONTEXT_JSON
 * @param options.signal kills the process
 * @throws SynthesisError with the output of the process; an AbortError when the signal aborts
 */
export async function runSynthesis(options: {
  readonly root: string;
  readonly outDirectory: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}): Promise<void> {
  const child = spawn(process.execPath, [LAUNCHER, "main.ts", "--rehearsal"], {
    cwd: options.root,
    env: { ...options.variables, CDKTF_OUTDIR: options.outDirectory },
    stdio: ["ignore", "pipe", "pipe"],
    signal: options.signal,
    killSignal: "SIGKILL",
  });
  let output = "";
  const listen = (chunk: string) => (output += chunk);
  child.stdout.setEncoding("utf8").on("data", listen);
  child.stderr.setEncoding("utf8").on("data", listen);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new SynthesisError(output.trim() || `the synthesis ended with ${code ?? "a signal"}`);
}
