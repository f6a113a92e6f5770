import { Command, CommanderError } from "commander";
import { exitCodeHelp, USAGE_EXIT_CODE, type CommandName } from "./exit-codes";

/** What the command line asks for, or the exit code it ends with at once: after help, or after wrong usage. */
export type Parsed<Arguments> = { readonly arguments: Arguments } | { readonly exitCode: number };

/** Where help (`out`) and usage errors (`err`) are written. */
export interface ParserOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Wrong usage, in words that don't repeat the value that was given. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/**
 * The parser of a command, without its options.
 * @param notes paragraphs of the help that follow the exit codes
 */
export function newCommand(name: CommandName, description: string, ...notes: readonly string[]): Command {
  return new Command(`npm run ${name}`)
    .usage("-- [options]")
    .description(description)
    .helpOption("-h, --help", "show this")
    .showHelpAfterError(`npm run ${name} -- --help shows the options.`)
    .addHelpText("after", ["", exitCodeHelp(name), ...notes].join("\n\n").slice(1))
    .allowExcessArguments(false)
    .exitOverride();
}

/**
 * Reads a command line.
 * @param argv without node and script
 * @param read turns the options that `command` holds by then into the arguments; may throw UsageError
 */
export function parseCommandLine<Arguments>(
  command: Command,
  argv: readonly string[],
  output: ParserOutput,
  read: () => Arguments,
): Parsed<Arguments> {
  command.configureOutput({ writeOut: output.out, writeErr: output.err });
  try {
    try {
      command.parse([...argv], { from: "user" });
      return { arguments: read() };
    } catch (error) {
      // Prints the message as commander prints its own, and throws a CommanderError.
      if (error instanceof UsageError) command.error(`error: ${error.message}`);
      throw error;
    }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : USAGE_EXIT_CODE };
  }
}
