import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { collect, nonEmpty } from "../command/options";
import { SMALLEST_LIMIT } from "./render/markdown";
import type { Strictness } from "./review";

/** What the command line asks for. */
export interface Arguments extends Strictness {
  readonly environment?: string;
  readonly stacks: readonly string[];
  readonly skip: readonly string[];
  readonly synthesized?: string;
  /** File for the Markdown; default: standard output. */
  readonly out?: string;
  readonly json?: string;
  /** Characters that the Markdown may have; absent: what a comment on GitHub holds. */
  readonly limit?: number;
  readonly backendConfig: readonly string[];
}

/** The command line, or the exit code it ends with at once (help, wrong usage). */
export type Parsed = { readonly arguments: Arguments } | { readonly exitCode: number };

/** Where help and complaints are written. */
export interface ParserOutput {
  out(text: string): void;
  err(text: string): void;
}

/** Exit code of a command line that is refused. */
const USAGE_EXIT_CODE = 64;

const ENDINGS = `
Exit codes:
  0    nothing would change
  2    something would, now or once the stacks before it are applied
  1    a stack could not be planned, or not all of it; or, with --fail-on danger, the plan is dangerous, a stack that has
       resources can't be planned before another is applied, or a plan holds something that this review doesn't read
  64   wrong usage

Nothing is changed, and no state is locked. Terraform is the one on PATH (or TERRAFORM_BINARY_NAME);
AWS is reached as AWS's own tools reach it: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.`;

/** Reads the command line (without node and script). */
export function parseArguments(argv: readonly string[], output: ParserOutput): Parsed {
  const command = new Command("npm run plan")
    .usage("-- [options]")
    .description(
      "Plan every stack of an environment, and say in one summary what would change and how dangerous it is.",
    )
    .option("--environment <name>", "environment of cdktf.json (default: $ENVIRONMENT, else staging)", nonEmpty)
    .option("--stack <name>", "plan only this stack (repeatable)", collect)
    .option("--skip <name>", "leave this stack out, and say so (repeatable)", collect)
    .option("--synthesized <folder>", "plan the stacks in this folder instead of synthesizing them", nonEmpty)
    .option("--out <file>", "write the Markdown there (default: standard output)", nonEmpty)
    .option("--json <file>", "write the review as JSON there", nonEmpty)
    .option("--limit <characters>", "cut the Markdown to this (default: 65536, what a comment on GitHub holds)", limit)
    .addOption(new Option("--fail-on <level>", "end with 1 when the plan is that bad").choices(["danger"]))
    .option("--allow-danger", "somebody has looked at the danger and wants it: let --fail-on pass")
    .option(
      "--backend-config <key=value>",
      "one more setting for every backend, e.g. of an emulator (repeatable)",
      setting,
    )
    .addHelpText("after", ENDINGS)
    .helpOption("-h, --help", "show this")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.err(text) });
  try {
    command.parse([...argv], { from: "user" });
    const { stack = [], skip = [], backendConfig = [], failOn, allowDanger = false, ...rest } = command.opts<Options>();
    return {
      arguments: { ...rest, stacks: stack, skip, backendConfig, failOnDanger: failOn === "danger", allowDanger },
    };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : USAGE_EXIT_CODE };
  }
}

/** What commander hands over: an option that wasn't given is absent. */
interface Options extends Pick<Arguments, "environment" | "synthesized" | "out" | "json" | "limit"> {
  readonly stack?: readonly string[];
  readonly skip?: readonly string[];
  readonly backendConfig?: readonly string[];
  readonly failOn?: "danger";
  readonly allowDanger?: boolean;
}

function setting(value: string, before: readonly string[] = []): readonly string[] {
  if (!/^[a-z_]+=./.test(value)) throw new InvalidArgumentError("It must be key=value, e.g. use_path_style=true.");
  return [...before, value];
}

function limit(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < SMALLEST_LIMIT) {
    throw new InvalidArgumentError(`It must be a whole number of at least ${SMALLEST_LIMIT}.`);
  }
  return number;
}
