import { Command, CommanderError, InvalidArgumentError } from "commander";
import { EXIT_CODES } from "./error";

/** What the command line asks for. */
interface Arguments {
  readonly environment?: string;
  readonly dryRun: boolean;
}

/** The command line, or the exit code it ends with at once (help, wrong usage). */
export type Parsed = { readonly arguments: Arguments } | { readonly exitCode: number };

const ENDINGS = `
Exit codes:
  0    the bucket is as it must be (with --dry-run: what would be done was told)
  1    a call failed on the way: run it again, it continues
  4    refused before anything was changed
  64   wrong usage

AWS is reached as AWS's own tools reach it: AWS_PROFILE, AWS_ENDPOINT_URL. The region is the state's in cdktf.json.`;

/** Reads the command line (without node and script). Wrong usage is told in the words of the option and ends with 64. */
export function parseArguments(
  argv: readonly string[],
  output: { readonly out: (text: string) => void; readonly err: (text: string) => void },
): Parsed {
  const command = new Command("npm run bootstrap")
    .usage("-- [options]")
    .description("Make the bucket that Terraform keeps its state in; what is right already stays as it is.")
    .option("--environment <name>", "environment of cdktf.json (default: $ENVIRONMENT, else staging)", nonEmpty)
    .option("--dry-run", "tell what would be done, change nothing")
    .allowExcessArguments(false)
    .addHelpText("after", ENDINGS)
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .exitOverride();
  try {
    command.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage };
  }
  const { environment, dryRun = false } = command.opts<{ environment?: string; dryRun?: boolean }>();
  return { arguments: { dryRun, ...(environment !== undefined && { environment }) } };
}

function nonEmpty(value: string): string {
  if (value === "") throw new InvalidArgumentError("It must not be empty.");
  return value;
}
