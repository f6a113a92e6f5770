import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { TERRAFORM_MINIMUM } from "../../stacks/config/terraform-version";
import type { ProgramResult, RunProgram } from "../command/run-program";
import type { SynthesizedStack } from "../command/synthesized-stacks";
import { makeTemporaryFolder } from "../command/temporary-folder";
import { textWithoutSecrets } from "./secrets";

/** Terraform said no; the message is what it said, without the secrets that may be in it. */
export class TerraformError extends Error {
  constructor(
    /** The subcommand, e.g. `terraform plan`. */
    readonly step: string,
    said: string,
  ) {
    super(textWithoutSecrets(said));
    this.name = "TerraformError";
  }
}

/** There is no Terraform to run. */
export class TerraformMissingError extends Error {
  constructor(binary: string) {
    super(
      `there is no ${binary} on PATH; install Terraform ${TERRAFORM_MINIMUM} or newer, or set TERRAFORM_BINARY_NAME`,
    );
    this.name = "TerraformMissingError";
  }
}

/** What Terraform runs with. */
export interface TerraformSettings {
  /** Program; default: TERRAFORM_BINARY_NAME (as for CDKTF), else terraform. */
  readonly binary: string;
  readonly environment: NodeJS.ProcessEnv;
  /** `key=value` settings added to every backend, and to every read of another stack's state. */
  readonly backendConfig: readonly string[];
  readonly signal?: AbortSignal;
}

/** What is read of a stack's state: which outputs it has. */
const outputsSchema = z.record(z.string(), z.unknown());
/** And whether there is anything in it. */
const stateSchema = z.object({ resources: z.array(z.unknown()).optional() });
/** Terraform merges files of this ending over the others. */
const OVERRIDE_FILE = "plan_review_override.tf.json";

/** Runs Terraform on synthesized stacks. Changes nothing but files of its own beside them. */
export class Terraform {
  constructor(
    private readonly run: RunProgram,
    private readonly settings: TerraformSettings,
  ) {}

  /**
   * The names of the outputs that a stack has in its state; none when it was never applied. Needs no provider.
   * @throws TerraformError, TerraformMissingError
   */
  async outputNames(stack: SynthesizedStack): Promise<readonly string[]> {
    return Object.keys(outputsSchema.parse(JSON.parse(await this.ofState(stack, "output", "-json"))));
  }

  /**
   * Whether a stack has anything in its state. Needs no provider.
   * @throws TerraformError, TerraformMissingError
   */
  async hasResources(stack: SynthesizedStack): Promise<boolean> {
    // It prints nothing of a state that was never written.
    const state = (await this.ofState(stack, "state", "pull")).trim();
    return state !== "" && (stateSchema.parse(JSON.parse(state)).resources ?? []).length > 0;
  }

  /** What a command that needs nothing but the backend prints about a stack's state. */
  private async ofState(stack: SynthesizedStack, ...command: readonly string[]): Promise<string> {
    const directory = makeTemporaryFolder("plan");
    try {
      writeFileSync(join(directory, "main.tf.json"), JSON.stringify({ terraform: { backend: stack.backend } }));
      await this.init(directory);
      return (await this.terraform(directory, ...command)).stdout;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /**
   * Plans a stack, without taking the lock of its state: who reviews may read the state, not write beside it.
   * @returns what `terraform show -json` prints of the plan
   * @throws TerraformError, TerraformMissingError
   */
  async plan(stack: SynthesizedStack): Promise<string> {
    const { directory } = stack;
    const override = join(directory, OVERRIDE_FILE);
    // A plan holds every value, secrets included: for our eyes, and only as long as it is needed.
    const folder = makeTemporaryFolder("plan");
    const file = join(folder, "plan");
    try {
      const overrides = readOverrides(stack, this.settings.backendConfig);
      if (overrides !== undefined) writeFileSync(override, JSON.stringify(overrides));
      await this.init(directory);
      await this.terraform(directory, "plan", "-input=false", "-no-color", "-lock=false", `-out=${file}`);
      const { stdout } = await this.terraform(directory, "show", "-json", "-no-color", file);
      return stdout;
    } finally {
      rmSync(override, { force: true });
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private async init(directory: string): Promise<void> {
    const backend = this.settings.backendConfig.map((setting) => `-backend-config=${setting}`);
    await this.terraform(directory, "init", "-input=false", "-no-color", "-reconfigure", ...backend);
  }

  private async terraform(directory: string, ...args: readonly string[]): Promise<ProgramResult> {
    const { binary, environment, signal } = this.settings;
    let ended: ProgramResult;
    try {
      ended = await this.run({
        command: binary,
        args,
        directory,
        environment: { ...environment, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" },
        ...(signal && { signal }),
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new TerraformMissingError(binary);
      throw error;
    }
    signal?.throwIfAborted();
    if (ended.code === 0) return ended;
    throw new TerraformError(`terraform ${args[0] ?? ""}`, errorText(ended));
  }
}

/**
 * The settings that the reads of other stacks' state need beside their own; undefined when there are none. Pure.
 * @param backendConfig `key=value`
 */
function readOverrides(stack: SynthesizedStack, backendConfig: readonly string[]): object | undefined {
  const added = Object.fromEntries(
    backendConfig.map((setting) => {
      const equals = setting.indexOf("=");
      return [setting.slice(0, equals), setting.slice(equals + 1)];
    }),
  );
  const reads = Object.entries(stack.remoteStates);
  if (reads.length === 0 || backendConfig.length === 0) return undefined;
  return {
    data: {
      terraform_remote_state: Object.fromEntries(
        reads.map(([name, { config }]) => [name, { config: { ...config, ...added } }]),
      ),
    },
  };
}

/** The part of Terraform's words that says what is wrong, without the frame drawn around it. Pure. */
export function errorText({ stdout, stderr, code }: ProgramResult): string {
  const said = (stderr.trim() === "" ? stdout : stderr)
    .split("\n")
    .map((line) => line.replace(/^[│╷╵]\s?/, "").trimEnd())
    .join("\n");
  const errors = said.slice(Math.max(0, said.indexOf("Error:"))).replace(/\n{3,}/g, "\n\n");
  return errors.trim() || `it ended with ${code === null ? "a signal" : `exit code ${code}`} without output`;
}
