import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { SynthesizedStack } from "../command/synthesized-stacks";
import type { ApplyResult } from "./run";

/** Options of `applyStack`. */
export interface ApplySettings {
  /** Folder of cdktf.json. */
  readonly root: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly autoApprove: boolean;
  /** Receives the output of `cdktf deploy` when `autoApprove` is set; otherwise the output goes to the terminal. */
  readonly write: (text: string) => void;
  /** Sends CDKTF and Terraform a SIGINT. Not needed for Ctrl-C, which the terminal sends to them too. */
  readonly signal: AbortSignal;
}

/** How much of the end of the output is kept: the error is at the end. Characters. */
const KEPT_CHARACTERS = 20_000;

/**
 * Runs `cdktf deploy` for one synthesized stack. Without `autoApprove`, CDKTF asks for approval on the terminal.
 * @throws Error when the process can't be started
 */
export function applyStack(stack: SynthesizedStack, settings: ApplySettings): Promise<ApplyResult> {
  const { root, variables, autoApprove, write, signal } = settings;
  const cli = createRequire(`${root}/`).resolve("cdktf-cli/bundle/bin/cdktf");
  const args = [
    cli,
    "deploy",
    stack.id,
    "--skip-synth",
    "--ignore-missing-stack-dependencies",
    // A provider lock file for other platforms would be deleted with cdktf.out, and creating it needs the registry.
    "--skip-provider-lock",
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, ...(autoApprove ? ["--auto-approve"] : [])], {
      cwd: root,
      env: variables,
      stdio: autoApprove ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    const receive = (chunk: string) => {
      output = (output + chunk).slice(-KEPT_CHARACTERS);
      write(chunk);
    };
    child.stdout?.setEncoding("utf8").on("data", receive);
    child.stderr?.setEncoding("utf8").on("data", receive);
    const interrupt = () => void child.kill("SIGINT");
    signal.addEventListener("abort", interrupt, { once: true });
    child.once("error", reject);
    child.once("close", (code) => {
      signal.removeEventListener("abort", interrupt);
      resolve({ code, output });
    });
  });
}
