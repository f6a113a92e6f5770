import { newCommand, parseCommandLine, type Parsed, type ParserOutput } from "../command/command-line";

/** Reads the command line of `npm run bench` (without node and script): it has no options. */
export function parseBenchArguments(argv: readonly string[], output: ParserOutput): Parsed<object> {
  const command = newCommand(
    "bench",
    "Measure the API, the load balancer, the synthesis, the memory of the commands and the simulation of gates.",
  );
  return parseCommandLine(command, argv, output, () => ({}));
}
