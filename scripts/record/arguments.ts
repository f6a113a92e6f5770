import { newCommand, parseCommandLine, type Parsed, type ParserOutput } from "../command/command-line";

/** Reads the command line of `npm run record` (without node and script): it has no options. */
export function parseRecordArguments(argv: readonly string[], output: ParserOutput): Parsed<object> {
  const command = newCommand(
    "record",
    "Run a rehearsal in a pseudo-terminal, and draw its output as docs/rehearsal.svg. Needs script of util-linux.",
  );
  return parseCommandLine(command, argv, output, () => ({}));
}
