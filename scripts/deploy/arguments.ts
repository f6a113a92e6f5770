import { Command, CommanderError } from "commander";
import { collect, nonEmpty } from "../command/options";
import { DEPLOY_EXIT_CODES } from "./exit-codes";

/** What the command line asks for. */
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

/** The command line, or the exit code it ends with at once (help, wrong usage). */
export type ParsedDeploy = { readonly arguments: DeployArguments } | { readonly exitCode: number };

const ENDINGS = `
Exit codes:
  0    every chosen stack is applied; with --check: nothing stands in the way
  1    a stack could not be applied, or was not approved: correct what it says and run the same again, it continues
  4    refused before anything was started
  64   wrong usage
  130  interrupted (143 by SIGTERM)

The stacks are applied one after the other. AWS is reached as AWS's own tools reach it: AWS_PROFILE, AWS_REGION,
AWS_ENDPOINT_URL. Terraform is the one on PATH (or TERRAFORM_BINARY_NAME).`;

/** Reads the command line (without node and script). Wrong usage is told in the words of the option and ends with 64. */
export function parseDeployArguments(
  argv: readonly string[],
  output: { readonly out: (text: string) => void; readonly err: (text: string) => void },
): ParsedDeploy {
  const command = new Command("npm run deploy")
    .usage("-- [options]")
    .description("Apply the stacks of an environment, after checking that nothing stands in the way.")
    .option("--environment <name>", "environment of cdktf.json (default: $ENVIRONMENT, else staging)", nonEmpty)
    .option("--stack <name>", "apply only this stack (repeatable)", collect)
    .option("--skip <name>", "leave this stack out (repeatable)", collect)
    .option("--auto-approve", "apply without asking; needed where nobody can be asked")
    .option("--check", "check everything, apply nothing")
    .addHelpText("after", ENDINGS)
    .helpOption("-h, --help", "show this")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err });
  try {
    command.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? DEPLOY_EXIT_CODES.done : DEPLOY_EXIT_CODES.usage };
  }
  const { stack = [], skip = [], autoApprove = false, check = false, environment } = command.opts<Options>();
  return {
    arguments: { stacks: stack, skip, autoApprove, check, ...(environment !== undefined && { environment }) },
  };
}

interface Options extends Partial<Pick<DeployArguments, "environment" | "autoApprove" | "check">> {
  readonly stack?: readonly string[];
  readonly skip?: readonly string[];
}
