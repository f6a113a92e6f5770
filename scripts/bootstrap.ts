import { ConfigError, loadConfig } from "../stacks/config";
import { parseArguments } from "./bootstrap/arguments";
import { connectToS3 } from "./bootstrap/aws-bucket";
import { BootstrapError, EXIT_CODES } from "./bootstrap/error";
import { placeOf, runBootstrap } from "./bootstrap/run";

const { stdout, stderr } = process;

/** Runs the command and gives its exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseArguments(argv, { out: (text) => stdout.write(text), err: (text) => stderr.write(text) });
  if ("exitCode" in parsed) return parsed.exitCode;
  const { environment, dryRun } = parsed.arguments;
  const say = (line: string) => void stdout.write(`${line}\n`);
  try {
    const config = loadConfig(environment === undefined ? {} : { environment });
    const port = await connectToS3(placeOf(config).region);
    return await runBootstrap({ config, port, dryRun, say });
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof BootstrapError)) throw error;
    say(error instanceof BootstrapError ? `refused: ${error.message}` : error.message);
    return EXIT_CODES.refused;
  }
}

// It ends here, whatever a call that was given up still waits for.
main(process.argv.slice(2)).then(
  (code) => stdout.write("", () => process.exit(code)),
  (error: unknown) => {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stderr.write(`bootstrap: ${words}\n`, () => process.exit(EXIT_CODES.failed));
  },
);
