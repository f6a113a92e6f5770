import { newCommand, parseCommandLine, type Parsed, type ParserOutput } from "../command/command-line";

/** Reads the command line of `npm run bench` (without node and script): it has no options. */
export function parseBenchArguments(argv: readonly string[], output: ParserOutput): Parsed<object> {
  const command = newCommand(
    "bench",
    "Measure the API, the load balancer, the synthesis and the memory of the commands.",
  );
  return parseCommandLine(command, argv, output, () => ({}));
}
