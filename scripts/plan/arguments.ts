import { Option } from "commander";
import { newCommand, parseCommandLine, UsageError, type Parsed, type ParserOutput } from "../command/command-line";
import { number, text, texts } from "../command/options";
import { SMALLEST_LIMIT } from "./render/markdown";
import type { Strictness } from "./review";

/** What the command line of `npm run plan` asks for. */
export interface PlanArguments extends Strictness {
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

const NOTE = `Nothing is changed, and no state is locked. Terraform is the one on PATH (or TERRAFORM_BINARY_NAME);
AWS is reached as AWS's own tools reach it: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.`;

/** Reads the command line of `npm run plan` (without node and script). */
export function parsePlanArguments(argv: readonly string[], output: ParserOutput): Parsed<PlanArguments> {
  const command = newCommand(
    "plan",
    "Plan every stack of an environment, and report in one summary what would change and how dangerous it is.",
    NOTE,
  )
    .option("--environment <name>", "environment of cdktf.json (default: $ENVIRONMENT, else staging)", text)
    .option("--stack <name>", "plan only this stack (repeatable)", texts)
    .option("--skip <name>", "leave this stack out, and report that (repeatable)", texts)
    .option("--synthesized <folder>", "plan the stacks in this folder instead of synthesizing them", text)
    .option("--out <file>", "write the Markdown there (default: standard output)", text)
    .option("--json <file>", "write the review as JSON there", text)
    .option(
      "--limit <characters>",
      "cut the Markdown to this (default: 65536, what a comment on GitHub holds)",
      number({ whole: true, from: SMALLEST_LIMIT }),
    )
    .addOption(new Option("--fail-on <level>", "end with 1 when the plan is that dangerous").choices(["danger"]))
    .option("--allow-danger", "accept the danger after somebody has checked it: --fail-on has no effect")
    .option(
      "--backend-config <key=value>",
      "one more setting for every backend, e.g. of an emulator (repeatable)",
      backendSetting,
    );
  return parseCommandLine(command, argv, output, () => {
    const { stack = [], failOn, ...given } = command.opts<Options>();
    return {
      skip: [],
      backendConfig: [],
      allowDanger: false,
      ...given,
      stacks: stack,
      failOnDanger: failOn === "danger",
    };
  });
}

/** What commander returns: an option that wasn't given is absent. */
type Options = Partial<Omit<PlanArguments, "stacks" | "failOnDanger">> & {
  readonly stack?: readonly string[];
  readonly failOn?: "danger";
};

/** Reads one `--backend-config`. Its value may be a secret, so the error doesn't repeat it. */
function backendSetting(value: string, before: readonly string[] = []): readonly string[] {
  if (!/^[a-z_]+=.*\S/s.test(value)) {
    throw new UsageError("option '--backend-config' must be key=value, e.g. use_path_style=true");
  }
  return [...before, value];
}
