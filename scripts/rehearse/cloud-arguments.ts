import { Option } from "commander";
import type { RuntimeName } from "../cloud/tasks/part";
import { newCommand, parseCommandLine, type Parsed, type ParserOutput } from "../command/command-line";
import { number, port } from "../command/options";
import { cloudOptions, secretsOf, type CloudOptions } from "./cloud-options";

/** What the command line of `npm run cloud` asks for. */
export interface CloudArguments {
  /** Of the AWS endpoint; 0: any free one. */
  readonly port: number;
  /** Simulated seconds in one wall second. */
  readonly speed: number;
  /** Requests per simulated second; 0: none. */
  readonly rps: number;
  /** How tasks run. */
  readonly runtime: RuntimeName;
  /** Local values of the task definition's secrets, by the names of their variables. */
  readonly secrets: Readonly<Record<string, string>>;
  /** A template file to play in place of the stacks. */
  readonly template?: string;
  readonly verbose: boolean;
}

/** Reads the command line of `npm run cloud` (without node and script). */
export function parseCloudArguments(argv: readonly string[], output: ParserOutput): Parsed<CloudArguments> {
  const command = newCommand(
    "cloud",
    "Run the local cloud with version 1 serving, for the release command or any AWS client, until stopped.",
  )
    .addOption(new Option("--port <port>", "of the AWS endpoint").argParser(port).default(0, "any free one"))
    .option("--speed <factor>", "simulated seconds in one real second", number({ above: 0, to: 1000 }), 1)
    .option("--rps <number>", "requests per simulated second to the service", number({ from: 0, to: 1000 }), 0);
  for (const option of cloudOptions()) command.addOption(option);
  return parseCommandLine(command, argv, output, () => {
    const { secret, ...given } = command.opts<Omit<CloudArguments, "secrets"> & CloudOptions>();
    return { ...given, secrets: secretsOf({ ...given, ...(secret && { secret }) }) };
  });
}
