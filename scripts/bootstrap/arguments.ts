import { newCommand, parseCommandLine, type Parsed, type ParserOutput } from "../command/command-line";
import { text } from "../command/options";

/** What the command line of `npm run bootstrap` asks for. */
export interface BootstrapArguments {
  readonly environment?: string;
  readonly dryRun: boolean;
}

const NOTE = `AWS is reached as AWS's own tools reach it: AWS_PROFILE, AWS_ENDPOINT_URL. The region is that of the state in
cdktf.json.`;

/** Reads the command line of `npm run bootstrap` (without node and script). */
export function parseBootstrapArguments(argv: readonly string[], output: ParserOutput): Parsed<BootstrapArguments> {
  const command = newCommand(
    "bootstrap",
    "Create the bucket for Terraform's state, and set the settings that it lacks.",
    NOTE,
  )
    .option("--environment <name>", "environment of cdktf.json (default: $ENVIRONMENT, else staging)", text)
    .option("--dry-run", "print what would be done, change nothing");
  return parseCommandLine(command, argv, output, () => ({
    dryRun: false,
    ...command.opts<Partial<BootstrapArguments>>(),
  }));
}
