import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { TERRAFORM_MINIMUM } from "../../stacks/config/terraform-version";
import { jsonOrUndefined } from "../command/json-text";
import type { ProgramResult, RunProgram } from "../command/run-program";
import type { SynthesizedStack } from "../command/synthesized-stacks";
import { makeTemporaryFolder } from "../command/temporary-folder";
import { textWithoutSecrets } from "./secrets";

/** Terraform failed. The message is its error text, without the secrets that may be in it. */
export class TerraformError extends Error {
  constructor(
    /** The subcommand, e.g. `terraform plan`. */
    readonly step: string,
    output: string,
  ) {
    super(textWithoutSecrets(output));
    this.name = "TerraformError";
  }
}

/** The Terraform program was not found. */
export class TerraformMissingError extends Error {
  constructor(binary: string) {
    super(
      `there is no ${binary} on PATH; install Terraform ${TERRAFORM_MINIMUM} or newer, or set TERRAFORM_BINARY_NAME`,
    );
    this.name = "TerraformMissingError";
  }
}

/** Settings of the Terraform runs. */
export interface TerraformSettings {
  /** Name or path of the program. */
  readonly binary: string;
  readonly environment: NodeJS.ProcessEnv;
  /** `key=value` settings added to every backend, and to every read of another stack's state. */
  readonly backendConfig: readonly string[];
  readonly signal?: AbortSignal;
}

/** The output of `terraform output -json`: outputs by name. */
const outputsSchema = z.record(z.string(), z.unknown());
/** The output of `terraform state pull`: the part that is read. */
const stateSchema = z.object({ resources: z.array(z.unknown()).optional() });
/** Terraform merges a file with this ending into the others (https://developer.hashicorp.com/terraform/language/files/override). */
const OVERRIDE_FILE = "plan_review_override.tf.json";

/** Runs Terraform on synthesized stacks. It changes no resources and no state; it writes only files of its own in the folders of the stacks. */
export class Terraform {
  constructor(
    private readonly run: RunProgram,
    private readonly settings: TerraformSettings,
  ) {}

  /**
   * The names of the outputs in the state of a stack; none when it was never applied. Needs no provider.
   * @throws TerraformError, TerraformMissingError
   */
  async outputNames(stack: SynthesizedStack): Promise<readonly string[]> {
    const output = await this.readState(stack, "output", "-json");
    return Object.keys(parsed(outputsSchema, "terraform output", stack, output));
  }

  /**
   * Whether the state of a stack has any resources. Needs no provider.
   * @throws TerraformError, TerraformMissingError
   */
  async hasResources(stack: SynthesizedStack): Promise<boolean> {
    // For a state that was never written, Terraform prints nothing.
    const state = (await this.readState(stack, "state", "pull")).trim();
    return state !== "" && (parsed(stateSchema, "terraform state", stack, state).resources ?? []).length > 0;
  }

  /** Runs a command that needs only the backend of a stack, and gives its output. */
  private async readState(stack: SynthesizedStack, ...command: readonly string[]): Promise<string> {
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
   * Plans a stack without locking its state, because a reviewer may read the state but not write a lock file.
   * @returns the output of `terraform show -json` for the plan
   * @throws TerraformError, TerraformMissingError
   */
  async plan(stack: SynthesizedStack): Promise<string> {
    const { directory } = stack;
    const override = join(directory, OVERRIDE_FILE);
    // A plan file holds every value, also secrets: only this user can read the folder, and it is removed afterwards.
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
 * Reads what Terraform printed. The error doesn't repeat it, because a state holds secrets.
 * @param step the subcommand
 * @throws TerraformError when it isn't JSON of this form
 */
function parsed<Form>(schema: z.ZodType<Form>, step: string, { name }: SynthesizedStack, output: string): Form {
  const problem = (what: string) =>
    new TerraformError(
      step,
      `for the stack ${name}, it ended with 0, but printed ${what}; check that TERRAFORM_BINARY_NAME, or terraform on PATH, is Terraform ` +
        `${TERRAFORM_MINIMUM} or newer, and that nothing else writes to its standard output`,
    );
  if (output.trim() === "") throw problem("nothing");
  const value = jsonOrUndefined(output);
  if (value === undefined) throw problem("no JSON");
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw problem(`JSON of another form: ${issue?.path.join(".") || "it"}: ${issue?.message ?? ""}`);
}

/**
 * The override that adds the backend settings to every read of another stack's state; undefined when none is needed. Pure.
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

/** The error in Terraform's output, without the box drawn around it. Pure. */
export function errorText({ stdout, stderr, code }: ProgramResult): string {
  const text = (stderr.trim() === "" ? stdout : stderr)
    .split("\n")
    .map((line) => line.replace(/^[│╷╵]\s?/, "").trimEnd())
    .join("\n");
  const errors = text.slice(Math.max(0, text.indexOf("Error:"))).replace(/\n{3,}/g, "\n\n");
  return errors.trim() || `it ended with ${code === null ? "a signal" : `exit code ${code}`} without output`;
}
