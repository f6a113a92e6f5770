import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { SynthesizedStack } from "../command/synthesized-stacks";
import type { StackApplied } from "./run";

/** How a stack is applied. */
export interface ApplySettings {
  /** Folder of cdktf.json. */
  readonly root: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly autoApprove: boolean;
  /** Where the output goes when nobody is asked for approval. */
  readonly write: (text: string) => void;
  /** Interrupts CDKTF and Terraform, which then stop in good order; not needed for Ctrl-C, which reaches them itself. */
  readonly signal: AbortSignal;
}

/** Words at the end of the output that are kept: a failure is told last. Characters. */
const KEPT = 20_000;

/** Runs `cdktf deploy` of one stack that is synthesized already. CDKTF asks for approval on the terminal itself. */
export function applyStack(stack: SynthesizedStack, settings: ApplySettings): Promise<StackApplied> {
  const { root, variables, autoApprove, write, signal } = settings;
  const cli = createRequire(`${root}/`).resolve("cdktf-cli/bundle/bin/cdktf");
  const args = [
    cli,
    "deploy",
    stack.id,
    "--skip-synth",
    "--ignore-missing-stack-dependencies",
    // A lock file of providers for other platforms would be thrown away with cdktf.out; making it needs the registry.
    "--skip-provider-lock",
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, ...(autoApprove ? ["--auto-approve"] : [])], {
      cwd: root,
      env: variables,
      stdio: autoApprove ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let said = "";
    const hear = (chunk: string) => {
      said = (said + chunk).slice(-KEPT);
      write(chunk);
    };
    child.stdout?.setEncoding("utf8").on("data", hear);
    child.stderr?.setEncoding("utf8").on("data", hear);
    const interrupt = () => void child.kill("SIGINT");
    signal.addEventListener("abort", interrupt, { once: true });
    child.once("error", reject);
    child.once("close", (code) => {
      signal.removeEventListener("abort", interrupt);
      resolve({ code, said });
    });
  });
}
