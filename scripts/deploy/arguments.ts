import { newCommand, parseCommandLine, type Parsed, type ParserOutput } from "../command/command-line";
import { text, texts } from "../command/options";

/** What the command line of `npm run deploy` asks for. */
export interface DeployArguments {
  readonly environment?: string;
  /** Stacks to apply, with or without the environment in their names; none: all. */
  readonly stacks: readonly string[];
  /** Stacks to leave out. */
  readonly skip: readonly string[];
  /** Applies without asking. */
  readonly autoApprove: boolean;
  /** Checks everything, applies nothing. */
  readonly check: boolean;
}

const NOTE = `The stacks are applied one after the other. AWS is reached as AWS's own tools reach it: AWS_PROFILE, AWS_REGION,
AWS_ENDPOINT_URL. Terraform is the one on PATH (or TERRAFORM_BINARY_NAME).`;

/** Reads the command line of `npm run deploy` (without node and script). */
export function parseDeployArguments(argv: readonly string[], output: ParserOutput): Parsed<DeployArguments> {
  const command = newCommand(
    "deploy",
    "Apply the stacks of an environment, after checking that nothing blocks it.",
    NOTE,
  )
    .option("--environment <name>", "environment of cdktf.json (default: $ENVIRONMENT, else staging)", text)
    .option("--stack <name>", "apply only this stack (repeatable)", texts)
    .option("--skip <name>", "leave this stack out (repeatable)", texts)
    .option("--auto-approve", "apply without asking; needed where there is no terminal")
    .option("--check", "check everything, apply nothing");
  return parseCommandLine(command, argv, output, () => {
    const { stack = [], ...given } = command.opts<Options>();
    return { skip: [], autoApprove: false, check: false, ...given, stacks: stack };
  });
}

/** What commander returns: an option that wasn't given is absent. */
type Options = Partial<Omit<DeployArguments, "stacks">> & { readonly stack?: readonly string[] };
